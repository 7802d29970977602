/**
 * What a text has of what secrets in it are known by, found in one pass over its characters: each pattern is then asked
 * only where it can find something. Most text has none of it.
 */
import { isUuid } from '../event/id.ts'
import { codeAt, toKinds } from './chars.ts'

export type Signs = number

/** `=`, `:` or `%` */
export const SIGN = 1
export const TAG = 1 << 1
export const BRACKET = 1 << 2
export const AT = 1 << 3
export const SLASH = 1 << 4
/** `%` or `+` */
export const ENCODED = 1 << 5
export const QUOTE = 1 << 6
export const PAREN = 1 << 7
/** `bearer` or `basic` */
export const SCHEME = 1 << 8
/** `--name` */
export const FLAG = 1 << 9
/** A run of what keys and Base64 are written in. */
export const LONG = 1 << 10
/** The same without slashes and pluses, and longer than a span id. */
export const LONG_WORD = 1 << 11
/** As many digits as a card has. */
export const DIGITS = 1 << 12
/** A secret may be in it; without, none is looked for. */
export const SUSPICIOUS = 1 << 13
/** NUL, and what stands in pairs for one character: alone, Postgres refuses it. */
export const ODD = 1 << 14
/** As many digits as a phone number has, wherever they are. */
export const NUMERALS = 1 << 15

/** What the pass itself asks of a character: is it part of a run, of a card, or is more to be looked at. */
const [WORD, RUN, DIGIT, GAP, BLANK, LOOK] = [1 << 16, 1 << 17, 1 << 18, 1 << 19, 1 << 20, 1 << 21]

const KINDS = toKinds([
  [/[\w-]/, WORD],
  [/[\w+/-]/, RUN],
  [/\d/, DIGIT],
  [/[\s-]/, GAP],
  [/\s/, BLANK],
  [/[:[bB-]/, LOOK],
  [/[=%<]/, SUSPICIOUS],
  [/[=:%]/, SIGN],
  [/[%+]/, ENCODED],
  [/</, TAG],
  [/\[/, BRACKET],
  [/@/, AT],
  [/\//, SLASH],
  [/["']/, QUOTE],
  [/\(/, PAREN],
  [/\0/, ODD],
])
/** Most characters are one of these two, and tell nothing but that a word goes on. */
const LETTER = WORD | RUN
const NUMERAL = LETTER | DIGIT

const UUID_CHARS = 36
/** A span id has 16 and is no key. */
const MIN_WORD_CHARS = 17
const MIN_BASE64_CHARS = 16
const MIN_CARD_DIGITS = 13
const MIN_PHONE_DIGITS = 7

export function signsOf(text: string): Signs {
  const { length } = text
  if (length === UUID_CHARS && isUuid(text)) return 0
  let signs = 0
  let word = 0
  let run = 0
  let digits = 0
  let numerals = 0
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    const kind = code < 128 ? (KINDS[code] ?? 0) : isHalf(code) ? ODD : 0
    if (kind === LETTER) digits = 0
    else if (kind === NUMERAL) {
      numerals++
      if (++digits === MIN_CARD_DIGITS) signs |= DIGITS | SUSPICIOUS
    } else {
      signs |= kind & LOOK ? kind | lookAt(text, i, code) : kind
      if ((kind & GAP) === 0) digits = 0
      if (kind & WORD) continue
      if (i - word >= MIN_WORD_CHARS) signs |= LONG_WORD | SUSPICIOUS
      word = i + 1
      if (kind & RUN) continue
      if (i - run >= MIN_BASE64_CHARS) signs |= LONG
      run = i + 1
    }
  }
  if (length - word >= MIN_WORD_CHARS) signs |= LONG_WORD | SUSPICIOUS
  if (length - run >= MIN_BASE64_CHARS) signs |= LONG
  if (numerals >= MIN_PHONE_DIGITS) signs |= NUMERALS
  const maySaySql = (signs & SUSPICIOUS) === 0 && signs & BLANK && signs & (QUOTE | PAREN)
  return maySaySql && SQL.test(text) ? signs | SUSPICIOUS : signs
}

/** A surrogate. */
const isHalf = (code: number): boolean => code >= 0xd800 && code <= 0xdfff

/** What a secret may follow in SQL without a sign. */
const SQL = /password|passphrase|identified|\bvalues\b|\blike\b|\bin \(|row contains/i

const SCHEME_WORD = /bearer|basic/iy
const [COLON, OPEN, DASH, OVER, DOUBLE, SINGLE, BACKSLASH] = [58, 91, 45, 47, 34, 39, 92]
const [SMALL_A, SMALL_E] = [97, 101]

/** `/orders/:id` and `https://` have a colon, but none that a value follows; a list of pairs begins with `["` or `[[`. */
function lookAt(text: string, at: number, code: number): Signs {
  const next = codeAt(text, at + 1)
  switch (code) {
    case COLON:
      return codeAt(text, at - 1) === OVER || (next === OVER && codeAt(text, at + 2) === OVER) ? 0 : SUSPICIOUS
    case OPEN:
      return next === DOUBLE || next === SINGLE || next === BACKSLASH || next === OPEN ? SUSPICIOUS : 0
    case DASH:
      return codeAt(text, at - 1) === DASH && next < 128 && (KINDS[next] ?? 0) & WORD && next !== DASH
        ? FLAG | SUSPICIOUS
        : 0
    default:
      if ((next | 32) !== SMALL_A && (next | 32) !== SMALL_E) return 0
      SCHEME_WORD.lastIndex = at
      return SCHEME_WORD.test(text) ? SCHEME | SUSPICIOUS : 0
  }
}
