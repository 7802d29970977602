/** Text as it may be kept: redacted, then cut, in characters that Postgres takes. */

import { toDigits } from './plain.ts'

/** Ends what was cut. */
export const TRUNCATED = '[TRUNCATED]'
/** Stands for a value whose redaction failed: nothing unredacted may pass. */
export const WITHHELD = '[WITHHELD: redaction failed]'

/** A cut keeps this much more for redaction, so that a secret across the cut is seen whole. */
const OVERLAP_CHARS = 4_096

/** Never throws. */
export function cleanText(text: string, maxChars: number, redactText: (text: string) => string): string {
  try {
    return toStorable(redactAndCut(text, maxChars, redactText))
  } catch {
    return WITHHELD
  }
}

function redactAndCut(text: string, maxChars: number, redactText: (text: string) => string): string {
  const isLong = text.length > maxChars + OVERLAP_CHARS
  const redacted = redactText(isLong ? text.slice(0, maxChars + OVERLAP_CHARS) : text)
  // Redaction makes text shorter. The end of what was seen may be half a secret, so it is never kept.
  const keepable = isLong ? redacted.length - OVERLAP_CHARS : redacted.length
  const kept = Math.max(0, Math.min(maxChars, keepable))
  return kept < redacted.length ? `${redacted.slice(0, kept)}${TRUNCATED}` : redacted
}

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
