/**
 * Secrets in text by the name before them: `password=x`, `"apiKey": "x"`, `--token x`, query strings, also escaped and
 * percent-encoded. It goes from sign to sign and never back, so that its time is linear in the text.
 */
import { REDACTED } from './marker.ts'
import type { KeyKind, KindOf } from './secret-keys.ts'

/** What stands between a name and its value. A `::` names a scope. */
const SIGN = /={1,3}>?|:=|:(?!:)|%(?:25){0,3}3[adAD]|(?<=--[\w-]{1,64})\s{1,4}(?=[^\s-])/g

export function createNamedRedactor(kindOf: KindOf): (text: string) => string {
  return (text) => {
    let out = ''
    let copied = 0
    SIGN.lastIndex = 0
    for (let sign = SIGN.exec(text); sign; sign = SIGN.exec(text)) {
      const { name, at } = nameBefore(text, sign.index)
      const kind = name === '' ? 'plain' : kindOf(name)
      if (kind === 'plain') continue
      const after = SIGN.lastIndex
      const isHeader = sign[0] === ':' && HEADER.test(name)
      const { from, to } = isHeader ? headerAfter(text, after, text[at - 1]) : valueAfter(text, after)
      if (isHarmless(text.slice(from, to), kind)) continue
      out += text.slice(copied, from) + REDACTED
      copied = to
      SIGN.lastIndex = to
    }
    return copied === 0 ? text : out + text.slice(copied)
  }
}

/** Names of headers whose value goes on to the end of the line. */
const HEADER = /authorization$|cookie$/i

const isHarmless = (value: string, kind: KeyKind): boolean =>
  value === '' ||
  /^(?:true|false|null|undefined|none)$/i.test(value) ||
  (kind === 'count' && /^\d{1,12}(?:\.\d{1,12})?$/.test(value))

const MAX_NAME_CHARS = 128
const MAX_GAP_CHARS = 48
/** `a[password][0]=`: an index and a bracket are stepped over. */
const MAX_STEPS = 4

/** The word before a sign; quotes, blanks, brackets and list indexes between them do not count. */
function nameBefore(text: string, end: number): { name: string; at: number } {
  let at = end
  for (let step = 0; step < MAX_STEPS; step++) {
    const gapFloor = Math.max(0, at - MAX_GAP_CHARS)
    while (at > gapFloor && isGap(text.charCodeAt(at - 1))) at--
    const nameEnd = at
    const nameFloor = Math.max(0, at - MAX_NAME_CHARS)
    while (at > nameFloor && isNamePart(text.charCodeAt(at - 1))) at--
    const isEncoded = text[at - 1] === '%'
    const word = text.slice(at, nameEnd)
    const name = isEncoded ? word.replace(/^(?:25){0,3}[0-9a-f]{2}/i, '') : word
    if (name !== '' && !/^\d+$/.test(name)) return { name, at }
    if (at === nameEnd) break
    if (isEncoded) at--
  }
  return { name: '', at }
}

/** Blanks, quotes, backslashes and square brackets. */
const isGap = (code: number): boolean =>
  code === 32 ||
  (code >= 9 && code <= 13) ||
  code === 34 ||
  code === 39 ||
  code === 96 ||
  code === 160 ||
  (code >= 91 && code <= 93)

const isNamePart = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  (code >= 48 && code <= 57) ||
  code === 95 ||
  code === 45 ||
  code > 160

interface Range {
  readonly from: number
  readonly to: number
}

const BLANKS = /\s{0,32}(?:%(?:25){0,3}22)?/y
const LINE_BLANKS = /[ \t]{0,32}/y

/** Where the value after a sign is, without its quotes. */
function valueAfter(text: string, start: number): Range {
  const from = skip(text, start, BLANKS)
  return quotedAt(text, from) ?? { from, to: endOfBare(text, endOfBracketed(text, from)) }
}

/** A header's value goes to the end of its line, or of the quotes around the whole header. */
function headerAfter(text: string, start: number, before: string | undefined): Range {
  const from = skip(text, start, LINE_BLANKS)
  const bracketed = endOfBracketed(text, from)
  if (bracketed > from) return { from, to: bracketed }
  const end = before === '"' ? DOUBLE_QUOTED_END : before === "'" ? SINGLE_QUOTED_END : HEADER_END
  return quotedAt(text, from) ?? { from, to: endOf(text, from, end) }
}

const OPENING = /(\\{0,15})(["'`])/y

function quotedAt(text: string, at: number): Range | undefined {
  OPENING.lastIndex = at
  const [, slashes = '', quote] = OPENING.exec(text) ?? []
  if (quote === undefined) return undefined
  const from = OPENING.lastIndex
  return { from, to: endOfQuoted(text, from, { quote, depth: slashes.length }) }
}

function skip(text: string, at: number, blanks: RegExp): number {
  blanks.lastIndex = at
  return blanks.test(text) ? blanks.lastIndex : at
}

/** A quote or bracket that is not closed within this belongs to something else. */
const MAX_CLOSED_CHARS = 8_192

/**
 * The next quote that is escaped as often as the opening one: inside of n-fold escaped text a quote of the value itself
 * has 2n + 1 backslashes. Without one, the end of the line.
 */
function endOfQuoted(text: string, from: number, { quote, depth }: { quote: string; depth: number }): number {
  const last = Math.min(text.length, from + MAX_CLOSED_CHARS)
  let slashes = 0
  for (let at = from; at < last; at++) {
    const char = text[at]
    const isEnd = char === quote && (slashes < depth || slashes % (2 * depth + 2) === depth)
    if (isEnd) return at - Math.min(slashes, depth)
    slashes = char === '\\' ? slashes + 1 : 0
  }
  return endOf(text, from, LINE_END)
}

const LINE_END = /[\r\n]/g
const HEADER_END = /[\r\n]|\\{1,15}[nr]/g
const DOUBLE_QUOTED_END = /[\r\n]|\\{0,15}"|\\{1,15}[nr]/g
const SINGLE_QUOTED_END = /[\r\n]|\\{0,15}'|\\{1,15}[nr]/g

function endOf(text: string, from: number, end: RegExp): number {
  end.lastIndex = from
  return end.exec(text)?.index ?? text.length
}

/** The end of a list or object; `from` itself where none begins. */
function endOfBracketed(text: string, from: number): number {
  if (text[from] !== '[' && text[from] !== '{') return from
  const last = Math.min(text.length, from + MAX_CLOSED_CHARS)
  let depth = 0
  for (let at = from; at < last; at++) {
    const char = text[at]
    if (char === '[' || char === '{') depth++
    else if ((char === ']' || char === '}') && --depth === 0) return at + 1
  }
  return endOf(text, from, LINE_END)
}

/**
 * A blank ends a value that has no quotes. What may end it as well may also be part of a password: it is an end before
 * another `name=` and before anything but a letter or digit.
 */
const BARE_END =
  /[\s<]|[,;&"'`)\]}|](?![\p{L}\p{N}_$](?![\w.-]{0,64}["']?\s{0,4}[=:]))|\\{1,15}["']|%(?:25){0,3}(?:2[26c]|7d)/giu
/** `authorization=Token x`: a scheme and its credential are one value. */
const SCHEME_WORD = /^(?:token|api-?key|key|digest|negotiate|ntlm|hmac|bearer|basic)$/i

function endOfBare(text: string, from: number): number {
  const end = endOf(text, from, BARE_END)
  const isScheme = text[end] === ' ' && end > from && SCHEME_WORD.test(text.slice(from, end))
  return isScheme ? endOf(text, end + 1, BARE_END) : end
}
