/** What the events of one call have in common: its id, its clock, and the columns that were said once for all. */
import type { Draft } from '../../event/event.ts'
import { toShortId } from '../../event/id.ts'

/** Pairs what is logged of one call, where the model gave it no id. */
export const toCallId = (): string => `call_${toShortId()}`

const MICROS_PER_MS = 1000

/** Milliseconds since a moment of `performance.now()`, to the microsecond. */
export const toElapsedMs = (startedAt: number): number =>
  Math.round((performance.now() - startedAt) * MICROS_PER_MS) / MICROS_PER_MS

/** They speak of one moment or one event, or are summed; the next event of the call has its own. */
const OF_ONE_EVENT = new Set<string>([
  ...['event_type', 'status', 'severity', 'outcome', 'approval_status', 'error_code', 'action_description', 'comments'],
  ...['created_at', 'timestamp', 'duration_ms', 'idempotency_key', 'span_id'],
  ...['input_tokens', 'output_tokens', 'cost'],
])

/** Of the columns given with the first event those for the later ones: ids and names, and nothing of the host's that lives. */
export const toShared = (given: Partial<Draft>): Partial<Draft> =>
  Object.fromEntries(
    Object.entries(given).filter(
      ([name, value]) => (typeof value === 'string' || typeof value === 'number') && !OF_ONE_EVENT.has(name),
    ),
  )
