/** Event ids: UUID v7 (RFC 9562), so that an id alone tells when its row was made. */
import { createHash, randomFillSync } from 'node:crypto'

const DRAWN = 64

/** Makes random texts of so many hex digits. They are drawn by the dozen: one at a time would cost each request more. */
export function createDraw(digits: number, shape = (hex: string): string => hex): () => string {
  const bytes = Buffer.allocUnsafeSlow((DRAWN * digits) / 2)
  let drawn: string[] = []
  return () => {
    if (drawn.length === 0) {
      const hex = randomFillSync(bytes).toString('hex')
      drawn = Array.from({ length: DRAWN }, (_, i) => shape(hex.slice(i * digits, (i + 1) * digits)))
    }
    return drawn.pop() ?? ''
  }
}

/** Sixteen hex digits. The first is a letter: digits alone could be the number of a card, and be redacted as one. */
export const toShortId: () => string = createDraw(16, (hex) => `a${hex.slice(1)}`)

/** An id has 48 bits for its milliseconds. */
const MAX_MS = 2 ** 48 - 1

/**
 * A UUID v7 at a time in microseconds. With an idempotency key all its other bits come from a SHA-256 of the key and of
 * what the milliseconds leave out, so that the same key at the same time gives the same id, and at no other time.
 */
export function toEventId(micros: number, idempotencyKey?: string): string {
  const rest = idempotencyKey === undefined ? drawRest() : toRest(toDigest(`${micros % 1000} ${idempotencyKey}`))
  return `${toTime(micros)}-${rest}`
}

const toDigest = (key: string): string => createHash('sha256').update(key).digest('hex')

/** All of an id but its time. */
const toRest = (hex: string): string =>
  `7${hex.slice(1, 4)}-${VARIANTS[Number.parseInt(hex.charAt(4), 16) & 3]}${hex.slice(5, 8)}-${hex.slice(8, 20)}`
const drawRest = createDraw(20, toRest)

const VARIANTS = ['8', '9', 'a', 'b']

/** The digits of an id's milliseconds, which many ids share. */
function toTime(micros: number): string {
  const ms = Math.max(0, Math.min(MAX_MS, Math.floor(micros / 1000)))
  if (ms !== latest.ms) {
    const hex = ms.toString(16).padStart(12, '0')
    latest = { ms, text: `${hex.slice(0, 8)}-${hex.slice(8)}` }
  }
  return latest.text
}

let latest = { ms: -1, text: '' }

const UUID_CHARS = 36
const DASH = 45
const isDashPlace = (at: number): boolean => at === 8 || at === 13 || at === 18 || at === 23

// By their characters, as each event is asked for several ids: to start a RegExp takes longer than the look itself.

export function isUuid(text: unknown): text is string {
  if (typeof text !== 'string' || text.length !== UUID_CHARS) return false
  for (let at = 0; at < UUID_CHARS; at++) {
    const code = text.charCodeAt(at)
    if (isDashPlace(at) ? code !== DASH : !isHexDigit(code) && !(code >= 65 && code <= 70)) return false
  }
  return true
}

/** Of small letters, as OpenTelemetry writes them. */
const isHexDigit = (code: number): boolean => (code >= 48 && code <= 57) || (code >= 97 && code <= 102)

export function isHexText(text: string, digits: number): boolean {
  if (text.length !== digits) return false
  for (let at = 0; at < digits; at++) if (!isHexDigit(text.charCodeAt(at))) return false
  return true
}

/** Milliseconds at which a UUID v7 was made; undefined for any other text. */
export function idToMs(id: string): number | undefined {
  return isUuid(id) && id[14] === '7' ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : undefined
}
