/** Values of filters, as the store has them. */
import { toCountry } from './country.ts'
import { Fault } from './fault.ts'
import { normaliseTraceId } from './trace.ts'
import { toEventType } from './types.ts'

/** People write some values in several ways; the store keeps one. */
export function toStored(name: string, value: string | number): string | number {
  if (typeof value === 'number') return value
  if (name === 'event_type') return toEventType(value)
  if (name === 'method') return value.toUpperCase()
  if (name === 'country') return toCountry(value)
  if (name !== 'trace_id') return value
  const id = normaliseTraceId(value)
  if (!id) throw new Fault('invalid_request', 'trace_id: it must be 32 hex digits or a UUID, not all zeros.')
  return id
}
