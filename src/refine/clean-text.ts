/** Text as it may be kept: redacted, then cut, in characters that Postgres takes. */

import { toDigits } from './plain.ts'
import type { RedactText } from './redact-text.ts'
import { signsOf } from './signs.ts'

/** Ends what was cut. */
export const TRUNCATED = '[TRUNCATED]'
/** Stands for a value whose redaction failed: nothing unredacted may pass. */
export const WITHHELD = '[WITHHELD: redaction failed]'

/** A cut keeps this much more for redaction, so that a secret across the cut is seen whole. */
const OVERLAP_CHARS = 4_096

/** Never throws. */
export function cleanText(text: string, maxChars: number, redactText: RedactText): string {
  try {
    if (text.length <= maxChars) return cleanShort(text, maxChars, redactText)
    return toStorable(redactAndCut(text, maxChars, redactText))
  } catch {
    return WITHHELD
  }
}

/** Most text is short and plain. */
function cleanShort(text: string, maxChars: number, redactText: RedactText): string {
  const signs = signsOf(text)
  return redactText.isPlain(text, signs) ? text : toStorable(cut(redactText(text, signs), maxChars))
}

function redactAndCut(text: string, maxChars: number, redactText: RedactText): string {
  const isLong = text.length > maxChars + OVERLAP_CHARS
  const redacted = redactText(isLong ? text.slice(0, maxChars + OVERLAP_CHARS) : text)
  // Redaction makes text shorter. The end of what was seen may be half a secret, so it is never kept.
  const keepable = isLong ? redacted.length - OVERLAP_CHARS : redacted.length
  return cut(redacted, Math.max(0, Math.min(maxChars, keepable)))
}

const cut = (text: string, chars: number): string =>
  chars < text.length ? `${text.slice(0, chars)}${TRUNCATED}` : text

/** NUL and lone surrogates, which Postgres refuses, are replaced. */
function toStorable(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  return whole.includes('\u0000') ? whole.replaceAll('\u0000', '\uFFFD') : whole
}

/** Of what has a text; undefined for objects and the like. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'bigint') return toDigits(value)
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
