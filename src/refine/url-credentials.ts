/** Credentials in URLs: `//user:password@`, `//:password@` and `//token@`. By hand, since their repeats overlap. */
import { codeAt, isDigit, isIn, isSpace, toTable } from './chars.ts'
import { REDACTED } from './marker.ts'

const MAX_CHARS = 256
/** Nothing of what stands between `//` and `@` has these. */
const STOP = /[\s"'<>]/g
const ENDS_USER = toTable(/[\s/@:?#"'<>]/)
/** A password has none of the signs that end the authority; one with an at sign in it ends at the last one. */
const ENDS_PASSWORD = toTable(/[\s/?#"'<>]/)
const ENDS_PORT = toTable(/[/?#]/)
const IN_TOKEN = toTable(/[\w.~%-]/)
const MAX_PORT_DIGITS = 5
/** A user name alone, as in `ssh://git@host`, is none; a long one is a token. */
const MIN_TOKEN_CHARS = 20
const [AT, COLON] = [64, 58]

/** In one walk: the next at sign and the next stop are looked for once, and only what is between them is looked at. */
export function redactUrlCredentials(text: string): string {
  let out = ''
  let copied = 0
  let stop = -1
  let sign = -1
  for (let at = text.indexOf('//'); at >= 0; at = text.indexOf('//', at)) {
    const from = at + 2
    if (sign < from) sign = text.indexOf('@', from)
    if (sign < 0) break
    if (stop < from) stop = nextStop(text, from)
    const end = sign < stop ? endOfCredentials(text, from, sign) : -1
    if (end < 0) {
      at++
      continue
    }
    out += `${text.slice(copied, from)}${REDACTED}@`
    copied = end
    at = end
  }
  return copied === 0 ? text : out + text.slice(copied)
}

function nextStop(text: string, from: number): number {
  STOP.lastIndex = from
  return STOP.test(text) ? STOP.lastIndex - 1 : text.length
}

/** Behind the at sign; -1 where there are none. `sign` is the first one. */
function endOfCredentials(text: string, from: number, sign: number): number {
  const colon = endBefore(ENDS_USER, text, from, MAX_CHARS)
  if (codeAt(text, colon) !== COLON || isPort(text, colon + 1)) return endOfToken(text, from)
  let last = endBefore(ENDS_PASSWORD, text, colon + 1, MAX_CHARS + 1) - 1
  while (last > colon && text.charCodeAt(last) !== AT) last--
  if (last > colon + 1) return last + 1
  const chars = sign - colon - 1
  return chars > 0 && chars <= MAX_CHARS ? sign + 1 : endOfToken(text, from)
}

function endBefore(ends: Uint8Array, text: string, from: number, maxChars: number): number {
  const last = Math.min(text.length, from + maxChars)
  for (let at = from; at < last; at++) {
    const code = text.charCodeAt(at)
    if (code < 128 ? ends[code] === 1 : isSpace(code)) return at
  }
  return last
}

/** A colon after a host, as in `//host:8080/a@b`. */
function isPort(text: string, from: number): boolean {
  let at = from
  while (at <= from + MAX_PORT_DIGITS && isDigit(codeAt(text, at))) at++
  return at > from && at <= from + MAX_PORT_DIGITS && isIn(ENDS_PORT, codeAt(text, at))
}

function endOfToken(text: string, from: number): number {
  let at = from
  while (at < from + MAX_CHARS && isIn(IN_TOKEN, codeAt(text, at))) at++
  return at - from >= MIN_TOKEN_CHARS && codeAt(text, at) === AT ? at + 1 : -1
}
