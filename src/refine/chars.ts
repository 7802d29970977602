/** What a character is, asked of its code: cheaper than a pattern, where each of a text is asked. */

/** Of the character there; 0 where none is. V8 reads all of a text slowly once it was asked for what is outside. */
export const codeAt = (text: string, at: number): number => (at >= 0 && at < text.length ? text.charCodeAt(at) : 0)

/** As `\s` is. */
export const isSpace = (code: number): boolean =>
  code === 32 || (code >= 9 && code <= 13) || code === 160 || (code >= 0x1680 && isFarSpace(code))

/** Most letters of other alphabets are in front of them or behind them. */
const isFarSpace = (code: number): boolean => (code <= 0x3000 || code === 0xfeff) && FAR_SPACES.has(code)

const FAR_SPACES = new Set([
  ...[...'\u1680\u2028\u2029\u202f\u205f\u3000\ufeff'].map((char) => char.charCodeAt(0)),
  ...Array.from({ length: 11 }, (_, i) => 0x2000 + i),
])

export const isDigit = (code: number): boolean => code >= 48 && code <= 57

/** Which characters of ASCII a pattern is true of. */
export const toTable = (chars: RegExp): Uint8Array =>
  Uint8Array.from({ length: 128 }, (_, code) => (chars.test(String.fromCharCode(code)) ? 1 : 0))
export const isIn = (table: Uint8Array, code: number): boolean => code < 128 && table[code] === 1

/** Of each character of ASCII what it is, as bits: those of all patterns that are true of it. */
export const toKinds = (patterns: readonly (readonly [chars: RegExp, kind: number])[]): Int32Array =>
  Int32Array.from({ length: 128 }, (_, code) =>
    patterns.reduce((kind, [chars, own]) => (chars.test(String.fromCharCode(code)) ? kind | own : kind), 0),
  )

const HEX = toTable(/[0-9a-f]/i)
export const isHex = (code: number): boolean => isIn(HEX, code)

/** A letter or digit of ASCII. */
const ALNUM = toTable(/[a-z\d]/i)
export const isAlnum = (code: number): boolean => isIn(ALNUM, code)
const WORD_OR_DASH = toTable(/[\w-]/)
export const isWordOrDash = (code: number): boolean => isIn(WORD_OR_DASH, code)

/** Whether a word of small letters is there, written small or large. */
export function isWordAt(text: string, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if ((codeAt(text, at + i) | 32) !== word.charCodeAt(i)) return false
  return true
}

/** How many a sticky pattern takes there; none where it does not match. */
export function charsAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex - at : 0
}
