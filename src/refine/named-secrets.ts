/**
 * Secrets in text by the name before them: `password=x`, `"apiKey": "x"`, `--token x`, query strings, also escaped and
 * percent-encoded. It goes from sign to sign and never back, so that its time is linear in the text.
 */
import { codeAt, isDigit, isHex, isIn, isSpace, isWordAt, isWordOrDash, toTable } from './chars.ts'
import { REDACTED } from './marker.ts'
import { findHeader, findValue, type Walk } from './named-values.ts'
import type { KeyKind, KindInText } from './secret-keys.ts'

export function createNamedRedactor(kindOf: KindInText): (text: string, mayHoldFlags: boolean) => string {
  return (text, mayHoldFlags) => {
    const walk = { text, unclosed: 0, from: 0, to: 0 }
    const name = { at: 0, from: 0, to: 0 }
    let out = ''
    let copied = 0
    let nameless = 0
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (code < 128 ? MAY_BE_SIGN[code] === 0 : !mayHoldFlags) continue
      const chars = signAt(text, index, code, mayHoldFlags)
      if (chars === 0) continue
      const after = index + chars
      // Directly behind a sign that has no name is none either.
      const isNamed = index !== nameless && findName(text, index, name)
      if (!isNamed) nameless = after
      const kind = isNamed ? kindOf.at(text, name.from, name.to) : 'plain'
      if (kind === 'plain') {
        index = after - 1
        continue
      }
      findAfter(walk, index, after, name)
      const { from, to } = walk
      if (isHarmless(text, from, to, kind)) {
        index = after - 1
        continue
      }
      out += text.slice(copied, from) + REDACTED
      copied = to
      index = to - 1
    }
    return copied === 0 ? text : out + text.slice(copied)
  }
}

const [EQUALS, COLON, PERCENT, MORE, BACKSLASH, DASH] = [61, 58, 37, 62, 92, 45]

const MAY_BE_SIGN = toTable(/[=:%\s]/)

/** What stands between a name and its value is so many characters; none where there is no such sign. */
function signAt(text: string, at: number, code: number, mayHoldFlags: boolean): number {
  switch (code) {
    case EQUALS: {
      const signs = codeAt(text, at + 1) !== EQUALS ? 1 : codeAt(text, at + 2) !== EQUALS ? 2 : 3
      return codeAt(text, at + signs) === MORE ? signs + 1 : signs
    }
    case COLON: {
      // A `::` names a scope.
      const next = codeAt(text, at + 1)
      return next === EQUALS ? 2 : next === COLON ? 0 : 1
    }
    case PERCENT:
      return charsOfEncodedSign(text, at)
    default:
      return mayHoldFlags && isSpace(code) && isAfterFlag(text, at) ? blanksOfFlag(text, at) : 0
  }
}

const [TWO, THREE, FIVE, LETTER_A, LETTER_D] = [50, 51, 53, 97, 100]
const MAX_TIMES_ENCODED = 3

/** `%3D`, `%253a` */
function charsOfEncodedSign(text: string, at: number): number {
  const digits = skipEncodings(text, at + 1)
  const last = codeAt(text, digits + 1) | 32
  return codeAt(text, digits) === THREE && (last === LETTER_A || last === LETTER_D) ? digits + 2 - at : 0
}

/** Behind each `25` of what is percent-encoded more often than once. */
function skipEncodings(text: string, at: number): number {
  let to = at
  const last = at + 2 * MAX_TIMES_ENCODED
  while (to < last && codeAt(text, to) === TWO && codeAt(text, to + 1) === FIVE) to += 2
  return to
}

const MAX_BLANKS = 4

/** Before what is no flag itself. */
function blanksOfFlag(text: string, at: number): number {
  let to = at + 1
  while (to <= at + MAX_BLANKS && isSpace(codeAt(text, to))) to++
  return to <= at + MAX_BLANKS && to < text.length && codeAt(text, to) !== DASH ? to - at : 0
}

const MAX_FLAG_CHARS = 64

/** `--name` */
function isAfterFlag(text: string, end: number): boolean {
  for (let at = end - 1; at >= end - 1 - MAX_FLAG_CHARS && isWordOrDash(codeAt(text, at)); at--)
    if (at < end - 1 && codeAt(text, at) === DASH && codeAt(text, at - 1) === DASH) return true
  return false
}

/** The word before a sign; `at` is where it begins with what is escaped in it. */
interface Name {
  at: number
  from: number
  to: number
}

function findAfter(walk: Walk, index: number, after: number, { at, from, to }: Name): void {
  const { text } = walk
  const code = after - index === 1 ? codeAt(text, index) : 0
  if (code === COLON && isOfHeader(text, from, to)) findHeader(walk, after, codeAt(text, at - 1))
  else findValue(walk, after, code === EQUALS)
}

/** Names of headers whose value goes on to the end of the line. */
const HEADERS = ['cookie', 'authorization']

function isOfHeader(text: string, from: number, to: number): boolean {
  for (const name of HEADERS) if (to - from >= name.length && isWordAt(text, to - name.length, name)) return true
  return false
}

const HARMLESS = ['true', 'false', 'null', 'undefined', 'none']
const COUNT = /^\d{1,12}(?:\.\d{1,12})?$/
const MAX_COUNT_CHARS = 25

function isHarmless(text: string, from: number, to: number, kind: KeyKind): boolean {
  const chars = to - from
  if (chars === 0) return true
  if (kind === 'count' && chars <= MAX_COUNT_CHARS && COUNT.test(text.slice(from, to))) return true
  for (const word of HARMLESS) if (chars === word.length && isWordAt(text, from, word)) return true
  return false
}

const MAX_NAME_CHARS = 128
const MAX_GAP_CHARS = 48
/** `a[password][0]=`: an index and a bracket are stepped over. */
const MAX_STEPS = 4

/** The word before a sign; quotes, blanks, brackets and list indexes between them do not count. */
function findName(text: string, end: number, name: Name): boolean {
  let at = end
  for (let step = 0; step < MAX_STEPS; step++) {
    if (isEscapeBefore(text, at)) {
      at -= ESCAPE_CHARS
      continue
    }
    let before = codeAt(text, at - 1)
    const gapFloor = Math.max(0, at - MAX_GAP_CHARS)
    while (at > gapFloor && isGap(before)) before = codeAt(text, --at - 1)
    const nameEnd = at
    const nameFloor = Math.max(0, at - MAX_NAME_CHARS)
    while (at > nameFloor && isNamePart(before)) before = codeAt(text, --at - 1)
    if (at === nameEnd) break
    const isEncoded = before === PERCENT
    // The letter of an escaped line break is not part of the name.
    const isEscape = before === BACKSLASH && nameEnd > at + 1 && ESCAPED.has(codeAt(text, at))
    const from = isEncoded ? afterDigits(text, at, nameEnd) : isEscape ? at + 1 : at
    if (!isNumber(text, from, nameEnd)) {
      name.at = at
      name.from = from
      name.to = nameEnd
      return true
    }
    if (isEncoded) at--
  }
  return false
}

/** `%41`: three characters, and no more of a name before them. */
const ESCAPE_CHARS = 3
const isEscapeBefore = (text: string, at: number): boolean =>
  at >= ESCAPE_CHARS &&
  codeAt(text, at - ESCAPE_CHARS) === PERCENT &&
  isHex(codeAt(text, at - 2)) &&
  isHex(codeAt(text, at - 1))

const ESCAPED = new Set([...'nrt'].map((char) => char.charCodeAt(0)))

/** Digits alone, or nothing. */
function isNumber(text: string, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (!isDigit(codeAt(text, at))) return false
  return true
}

/** Behind the digits of what is percent-encoded, once or more often. */
function afterDigits(text: string, at: number, end: number): number {
  const digits = skipEncodings(text, at)
  // The last `25` may be what is encoded.
  return Math.min(end, isHex(codeAt(text, digits)) && isHex(codeAt(text, digits + 1)) ? digits + 2 : digits)
}

/** Blanks, quotes, backslashes and square brackets. */
const GAPS = toTable(/[\s"'`[\]\\]/)
const NO_BREAK_BLANK = 160
const isGap = (code: number): boolean => isIn(GAPS, code) || code === NO_BREAK_BLANK
const isNamePart = (code: number): boolean => (code < 128 ? isWordOrDash(code) : code > NO_BREAK_BLANK)
