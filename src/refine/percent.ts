/** Text as it is written in URLs and forms: `%61`, and a plus for a blank. */
import { codeAt } from './chars.ts'

export const PLUS = 43
export const PERCENT = 37
const BLANK = 32

/** Of each hexadecimal digit its value; of all else -1. */
const DIGITS = Int8Array.from({ length: 256 }, (_, code) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase()),
)
const digitOf = (code: number): number => (code < 256 ? (DIGITS[code] ?? -1) : -1)
/** Negative where one of the two is no digit. */
const toByte = (high: number, low: number): number => (digitOf(high) << 4) | digitOf(low)

/** What the two characters behind a percent sign are; negative where they are no digits. */
export const byteAt = (text: string, at: number): number => toByte(codeAt(text, at + 1), codeAt(text, at + 2))

/** Of longer ones the bytes are decoded: that costs as much as some characters do, and less for each. */
const MAX_SHORT_CHARS = 48

/** A plus is a blank in forms; elsewhere it does not matter, as only what hides a secret is kept decoded. */
export const decode = (piece: string): string =>
  (piece.length <= MAX_SHORT_CHARS ? decodeShort(piece) : undefined) ?? decodeBytes(piece)

/** Undefined where other letters than those of ASCII are encoded. */
function decodeShort(piece: string): string | undefined {
  let out = ''
  let copied = 0
  for (let at = 0; at < piece.length; at++) {
    const code = piece.charCodeAt(at)
    if (code !== PLUS && code !== PERCENT) continue
    const decoded = code === PLUS ? BLANK : byteAt(piece, at)
    if (decoded < 0) continue
    if (decoded > 127) return undefined
    out += piece.slice(copied, at) + (CHARS[decoded] ?? '')
    if (code === PERCENT) at += 2
    copied = at + 1
  }
  return out + piece.slice(copied)
}

const CHARS = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))

function decodeBytes(piece: string): string {
  const bytes = Buffer.from(piece)
  const { length } = bytes
  let end = 0
  for (let at = 0; at < length; at++) {
    let byte = bytes[at] ?? 0
    if (byte === PLUS) byte = BLANK
    else if (byte === PERCENT && at + 2 < length) {
      const decoded = toByte(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0)
      if (decoded >= 0) {
        byte = decoded
        at += 2
      }
    }
    bytes[end++] = byte
  }
  return bytes.toString('utf8', 0, end)
}
