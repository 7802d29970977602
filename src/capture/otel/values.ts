/** Attributes as the values that columns take; undefined for what is of another kind. */
import type { AttributeValue } from './span.ts'

/** Text that says something. A number counts: ids are often sent as such. */
export const toWord = (value: AttributeValue | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined

export function toNumber(value: AttributeValue | undefined): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}
