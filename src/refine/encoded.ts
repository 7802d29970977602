/**
 * Secrets in text that is encoded: as in URLs and forms, once or more often, and in Base64. A piece is decoded and looked
 * through; one that has nothing to hide stays as it is written.
 */
import { endOfText, FIRST_CHARS, fromBase64, MIN_BASE64_CHARS, NO_TEXT_ON } from './base64.ts'
import { codeAt, isIn, isSpace, toTable } from './chars.ts'
import { REDACTED } from './marker.ts'
import type { NameFilter } from './name-filter.ts'
import { byteAt, decode, PERCENT, PLUS } from './percent.ts'
import { isPlainPiece } from './plain-piece.ts'
import type { KeyKind, KindInText } from './secret-keys.ts'
import { ENCODED, LONG, type Signs, SUSPICIOUS, signsOf } from './signs.ts'

type Redact = (text: string, signs: Signs) => string

/** Base64 in a URL in Base64 … each step costs as much as the text is long. */
const MAX_STEPS = 3

/** What may still be decoded of one text: behind the place where it ends nothing is shown. */
interface Work {
  chars: number
}
const MIN_WORK_CHARS = 49_152
/** A piece costs so much, however short it is. */
const PIECE_CHARS = 32

type Steps = (text: string, signs: Signs, steps: number, work: Work) => string

/** Applies `redact`, which knows plain text, to what is encoded too; and `ofOwn`, the rules of the app, to that alone. */
export function createEncodedRedactor(kindOf: KindInText, redact: Redact, ofOwn?: (text: string) => string): Redact {
  const byOwn = ofOwn ?? ((text) => text)
  const through: Steps = (text, signs, steps, work) => {
    if (steps === 0) return redact(text, signs)
    const unpacked = signs & LONG ? replaceRuns(text, work, (run) => ofRun(run, steps, work)) : text
    // Decoded before it is redacted: what ends a value can be told from what is part of it.
    const decoded =
      signs & ENCODED
        ? replaceEscaped(unpacked, work, kindOf.filter, (piece) => ofPiece(piece, steps, work), ofPlain)
        : unpacked
    return redact(decoded, decoded === text ? signs : signsOf(decoded))
  }
  const ofNext = (text: string, steps: number, work: Work): string => {
    const signs = signsOf(text)
    if ((signs & (SUSPICIOUS | LONG)) === 0) return byOwn(text)
    work.chars -= text.length + PIECE_CHARS
    return work.chars < 0 ? REDACTED : byOwn(through(text, signs, steps - 1, work))
  }
  // The built-in rules would find nothing in such a piece.
  const ofPlain = ofOwn && ((piece: string) => unlessKept(piece, ofOwn))
  const ofPiece = (piece: string, steps: number, work: Work): string => {
    const sign = piece.indexOf('=')
    if (sign > 0 && kindBefore(piece, sign, kindOf) === 'secret') {
      work.chars -= PIECE_CHARS
      return piece.slice(0, sign + 1) + REDACTED
    }
    return unlessKept(piece, (decoded) => ofNext(decoded, steps, work))
  }
  const ofRun = (run: string, steps: number, work: Work): string => {
    const whole = fromBase64(run)
    if (whole !== undefined) return ofNext(whole, steps, work) === whole ? run : REDACTED
    // A slash is a digit of Base64, and also what stands between it and the path before it.
    return run.includes('/') ? ofParts(run, steps, work) : run
  }
  const ofParts = (run: string, steps: number, work: Work): string => {
    let out = ''
    for (let at = 0; at < run.length; ) {
      const next = run.indexOf('/', at) + 1 || run.length
      const end = endOfText(run, at)
      const piece = run.slice(at, end)
      const text = end > at ? Buffer.from(piece, 'base64').toString().replace(NO_TEXT_ON, '') : ''
      const isSecret = text !== '' && ofNext(text, steps, work) !== text
      // A long text was looked through to its end: no part is decoded for each of those before it. A short one may be
      // none, but the name of a folder and half of what follows.
      const to = isSecret || end - at >= FIRST_CHARS ? end : next
      out += isSecret ? REDACTED : run.slice(at, to)
      at = to
    }
    return out
  }
  return (text, signs) => through(text, signs, MAX_STEPS, { chars: MIN_WORK_CHARS + text.length })
}

/** Decoded where something in it is hidden, else as it is written. */
function unlessKept(piece: string, redact: (decoded: string) => string): string {
  const decoded = decode(piece)
  if (decoded === piece) return piece
  const kept = redact(decoded)
  return kept === decoded ? piece : kept
}

/** What ends a piece: blanks, double quotes and what stands between the parts of a query. And what is encoded in it. */
const TELLING = toTable(/[\s"<>&?#%+]/)
const BLANK = 32

type Replace = (piece: string) => string

/** Every piece with `%61` or a plus in it; those that hide nothing only where `ofPlain` is to see them. */
function replaceEscaped(text: string, work: Work, isName: NameFilter, ofOthers: Replace, ofPlain?: Replace): string {
  let out = ''
  let copied = 0
  let start = 0
  let isEscaped = false
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : BLANK
    if (code < 128 ? TELLING[code] === 0 : !isSpace(code)) continue
    if (code === PLUS || code === PERCENT) {
      isEscaped ||= code === PLUS || byteAt(text, at) >= 0
      continue
    }
    const replace = !isEscaped ? undefined : isPlainPiece(text, start, at, isName) ? ofPlain : ofOthers
    if (replace) {
      const piece = text.slice(start, at)
      const kept = replace(piece)
      if (work.chars < 0) return out + text.slice(copied, start) + REDACTED
      if (kept !== piece) {
        out += text.slice(copied, start) + kept
        copied = at
      }
    }
    isEscaped = false
    start = at + 1
  }
  return copied === 0 ? text : out + text.slice(copied)
}

const MAX_NAME_CHARS = 128

const IN_NAME = toTable(/[\w.-]/)

/** Of the last word before a sign, `user[password]` too. */
function kindBefore(piece: string, sign: number, kindOf: KindInText): KeyKind {
  const floor = Math.max(0, sign - MAX_NAME_CHARS)
  let start = sign
  while (start > 0 && isIn(IN_NAME, piece.charCodeAt(start - 1))) start--
  if (start === 0) return kindOf.at(piece, floor, sign)
  const to = skipBack(piece, floor, sign, false)
  const name = decode(piece.slice(skipBack(piece, floor, to, true), to))
  return kindOf.at(name, 0, name.length)
}

/** Back over what is part of a name, also encoded, or over what is none. */
function skipBack(piece: string, floor: number, end: number, isName: boolean): number {
  let at = end
  while (at > floor) {
    const byte = at - floor > 2 && piece.charCodeAt(at - 3) === PERCENT ? byteAt(piece, at - 3) : -1
    if (isIn(IN_NAME, byte < 0 ? piece.charCodeAt(at - 1) : byte) !== isName) break
    at -= byte < 0 ? 1 : 3
  }
  return at
}

const EQUALS = 61
const IN_RUN = toTable(/[\w+/-]/)

/** Every run of the digits of Base64 that is long enough, with the signs that fill it up. */
function replaceRuns(text: string, work: Work, replace: (run: string) => string): string {
  let out = ''
  let copied = 0
  let start = 0
  for (let at = 0; at <= text.length; at++) {
    if (isIn(IN_RUN, codeAt(text, at))) continue
    if (at - start >= MIN_BASE64_CHARS) {
      const end = codeAt(text, at) !== EQUALS ? at : codeAt(text, at + 1) === EQUALS ? at + 2 : at + 1
      const run = text.slice(start, end)
      const kept = replace(run)
      if (work.chars < 0) return out + text.slice(copied, start) + REDACTED
      if (kept !== run) {
        out += text.slice(copied, start) + kept
        copied = end
      }
    }
    start = at + 1
  }
  return copied === 0 ? text : out + text.slice(copied)
}
