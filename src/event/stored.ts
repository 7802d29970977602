/** Values of filters, as the store has them. */
import { toCountry } from './country.ts'
import { Fault } from './fault.ts'
import { normaliseTraceId } from './trace.ts'
import { toEventType } from './types.ts'

/** What is none stays as it is: a word that stands for what was withheld, too. */
const METHOD = /^[a-z][\w-]*$/i

/** People write some values in several ways; the store keeps one. */
export function toStored(name: string, value: string | number): string | number {
  if (typeof value === 'number') return value
  if (name === 'event_type') return toEventType(value)
  if (name === 'method') return METHOD.test(value) ? value.toUpperCase() : value
  if (name === 'country') return toCountry(value)
  if (name !== 'trace_id') return value
  const id = normaliseTraceId(value)
  if (!id) throw new Fault('invalid_request', 'trace_id: it must be 32 hex digits or a UUID, not all zeros.')
  return id
}
