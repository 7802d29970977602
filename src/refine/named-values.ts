/** Where the value is that follows a name and its sign: in quotes, in brackets, to the end of a word or of a line. */
import { charsAt, codeAt, isSpace, isWordOrDash, toTable } from './chars.ts'

/** Through one text. */
export interface Walk {
  readonly text: string
  /** Brackets that were followed in vain. */
  unclosed: number
  /** Where the value is that was found last, without its quotes. */
  from: number
  to: number
}

const [TAB, NEWLINE, RETURN, BLANK, DOUBLE, PERCENT, SINGLE] = [9, 10, 13, 32, 34, 37, 39]
const [DASH, DOT, COLON, LESS, EQUALS, BACKSLASH, BACKTICK] = [45, 46, 58, 60, 61, 92, 96]
const [OPEN_LIST, END_LIST, OPEN_OBJECT, END_OBJECT] = [91, 93, 123, 125]

/** What a value may begin with that is not the value itself, or encloses it. */
const MAY_OPEN = toTable(/[\s%\\"'`[{]/)
const MAX_BLANKS = 32
const ENCODED_QUOTE = /%(?:25){0,3}22/y

/** The value after a sign. */
export function findValue(walk: Walk, start: number, isQuery = false): void {
  const { text } = walk
  const first = codeAt(text, start)
  const isBare = first < 128 && MAY_OPEN[first] === 0
  const from = isBare ? start : skipToValue(text, start)
  if (!isBare && findQuoted(walk, from)) return
  walk.from = from
  walk.to = endOfBare(text, isBare ? from : endOfBracketed(walk, from), isQuery)
}

function skipToValue(text: string, start: number): number {
  let at = start
  while (at < start + MAX_BLANKS && isSpace(codeAt(text, at))) at++
  return codeAt(text, at) === PERCENT ? at + charsAt(ENCODED_QUOTE, text, at) : at
}

/** A header's value goes to the end of its line, or of the quotes around the whole header. */
export function findHeader(walk: Walk, start: number, before: number): void {
  const { text } = walk
  let from = start
  while (from < start + MAX_BLANKS && isLineBlank(codeAt(text, from))) from++
  const bracketed = endOfBracketed(walk, from)
  if (bracketed === from && findQuoted(walk, from)) return
  const end = before === DOUBLE ? DOUBLE_QUOTED_END : before === SINGLE ? SINGLE_QUOTED_END : HEADER_END
  walk.from = from
  walk.to = bracketed > from ? bracketed : endOf(text, from, end)
}

const isLineBlank = (code: number): boolean => code === BLANK || code === TAB

const MAX_SLASHES = 15

function findQuoted(walk: Walk, at: number): boolean {
  const { text } = walk
  let from = at
  while (from < at + MAX_SLASHES && codeAt(text, from) === BACKSLASH) from++
  const quote = codeAt(text, from)
  if (quote !== DOUBLE && quote !== SINGLE && quote !== BACKTICK) return false
  walk.from = from + 1
  walk.to = endOfQuoted(text, from + 1, quote, from - at)
  return true
}

/** A quote or bracket that is not closed within this belongs to something else. */
const MAX_CLOSED_CHARS = 8_192

/**
 * The next quote that is escaped as often as the opening one: inside of n-fold escaped text a quote of the value itself
 * has 2n + 1 backslashes. Without one, the end of the line.
 */
function endOfQuoted(text: string, from: number, quote: number, depth: number): number {
  const last = Math.min(text.length, from + MAX_CLOSED_CHARS)
  let slashes = 0
  for (let at = from; at < last; at++) {
    const code = text.charCodeAt(at)
    const isEnd = code === quote && (slashes < depth || slashes % (2 * depth + 2) === depth)
    // SQL doubles a quote of the value itself.
    const isDoubled = isEnd && quote === SINGLE && at > from && codeAt(text, at + 1) === quote
    if (isEnd && !isDoubled) return at - Math.min(slashes, depth)
    if (isDoubled) at++
    slashes = code === BACKSLASH ? slashes + 1 : 0
  }
  return endOf(text, from, LINE_END)
}

const LINE_END = /[\r\n]/g
const HEADER_END = /[\r\n]|\\[nr]/g
const DOUBLE_QUOTED_END = /[\r\n"]|\\[nr]/g
const SINGLE_QUOTED_END = /[\r\n']|\\[nr]/g

/** The first of what ends it, with the backslashes that escape that. */
function endOf(text: string, from: number, end: RegExp): number {
  end.lastIndex = from
  if (!end.test(text)) return text.length
  const last = end.lastIndex - 1
  const code = codeAt(text, last)
  if (code === NEWLINE || code === RETURN) return last
  return skipSlashesBack(text, code === DOUBLE || code === SINGLE ? last : last - 1, from)
}

function skipSlashesBack(text: string, end: number, from: number): number {
  const floor = Math.max(from, end - MAX_SLASHES)
  let at = end
  while (at > floor && text.charCodeAt(at - 1) === BACKSLASH) at--
  return at
}

/** Each takes as long as it may be. A text with more of them shows nothing behind them. */
const MAX_UNCLOSED = 32

/** The end of a list or object; `from` itself where none begins. */
function endOfBracketed(walk: Walk, from: number): number {
  const { text } = walk
  if (!isOpening(codeAt(text, from))) return from
  const last = Math.min(text.length, from + MAX_CLOSED_CHARS)
  let depth = 0
  let slashes = 0
  for (let at = from; at < last; at++) {
    const code = text.charCodeAt(at)
    if (code === DOUBLE) at = endOfQuoted(text, at + 1, code, slashes) + slashes
    slashes = code === BACKSLASH ? slashes + 1 : 0
    if (isOpening(code)) depth++
    else if ((code === END_LIST || code === END_OBJECT) && --depth === 0) return at + 1
  }
  return ++walk.unclosed > MAX_UNCLOSED ? text.length : endOf(text, from, LINE_END)
}

const isOpening = (code: number): boolean => code === OPEN_LIST || code === OPEN_OBJECT

/** `authorization=Token x`: a scheme and its credential are one value. */
const SCHEME_WORD = /^(?:token|api-?key|key|digest|negotiate|ntlm|hmac|bearer|basic)$/i
const MIN_SCHEME_CHARS = 3
const MAX_SCHEME_CHARS = 9

/** `isQuery`: after `=` itself what is percent-encoded is part of the value. */
function endOfBare(text: string, from: number, isQuery: boolean): number {
  const end = endOfWord(text, from, isQuery)
  const chars = end - from
  const mayBeScheme = chars >= MIN_SCHEME_CHARS && chars <= MAX_SCHEME_CHARS && codeAt(text, end) === BLANK
  return mayBeScheme && SCHEME_WORD.test(text.slice(from, end)) ? endOfWord(text, end + 1, isQuery) : end
}

const MAY_END = toTable(/[\s<%,;&"'`)\]}|]/)
const ENCODED_END = /%(?:25){0,3}(?:2[26c]|7d)/iy

/**
 * A blank ends a value that has no quotes. What may end it as well may also be part of a password: it is an end before
 * another `name=` and before anything but a letter or digit.
 */
function endOfWord(text: string, from: number, isQuery: boolean): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 128 && MAY_END[code] === 0) continue
    if (isSpace(code) || code === LESS) return at
    if (code > 127) continue
    if (code === PERCENT) {
      if (!isQuery && charsAt(ENCODED_END, text, at) > 0) return at
      continue
    }
    const first = code === DOUBLE || code === SINGLE ? skipSlashesBack(text, at, from) : at
    if (first < at || isEndBefore(text, at + 1)) return first
  }
  return text.length
}

const LETTER = /[\p{L}\p{N}_$]/uy
const DOLLAR = 36
const MAX_WORD_CHARS = 64
const MAX_SIGN_BLANKS = 4

/** Before what is no letter or digit, or another `name=`. */
function isEndBefore(text: string, at: number): boolean {
  const chars = charsOfLetter(text, at)
  if (chars === 0) return true
  const last = at + chars + MAX_WORD_CHARS
  let end = at + chars
  while (end < last && isNameOrDot(codeAt(text, end))) end++
  return isBeforeSign(text, end)
}

/** A quote and some blanks may be between. */
function isBeforeSign(text: string, from: number): boolean {
  let code = codeAt(text, from)
  let at = code === DOUBLE || code === SINGLE ? from + 1 : from
  const last = at + MAX_SIGN_BLANKS
  if (at > from) code = codeAt(text, at)
  while (at < last && isSpace(code)) code = codeAt(text, ++at)
  return code === EQUALS || code === COLON
}

function charsOfLetter(text: string, at: number): number {
  const code = codeAt(text, at)
  if (code < 128) return (isWordOrDash(code) && code !== DASH) || code === DOLLAR ? 1 : 0
  return charsAt(LETTER, text, at)
}

const isNameOrDot = (code: number): boolean => isWordOrDash(code) || code === DOT
