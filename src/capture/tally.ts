/** Counts what passes to the sink, for the figures that need no look at the database. */
import type { Draft } from '../event/event.ts'
import type { Tally } from '../event/ports/health.ts'
import type { Sink } from '../event/ports/sink.ts'

export interface Counted {
  readonly sink: Sink
  readonly tally: () => Tally
}

const LOGINS = new Set(['AUTH_LOGIN', 'AUTH_FAILURE', 'AUTH_API_KEY'])

type Counting = Pick<Draft, 'event_type' | 'method' | 'status' | 'duration_ms'>

export function countsEvents(sink: Sink): Counted {
  let requests = 0
  let request_errors = 0
  let request_ms = 0
  let failed_logins = 0

  const count = ({ event_type, method, status, duration_ms }: Counting): void => {
    if (status === 'failure' && LOGINS.has(event_type)) failed_logins++
    // Whatever its type, only the end of a request has a method and a duration.
    if (method === undefined || typeof duration_ms !== 'number') return
    requests++
    request_ms += duration_ms
    if (event_type === 'API_ERROR') request_errors++
  }
  const event: Sink['event'] = (draft, identity) => {
    const made = sink.event(draft, identity)
    if (made) count(made)
    return made
  }
  const request: Sink['request'] = (draft, identity) => {
    const made = sink.request(draft, identity)
    if (made) count(draft)
    return made
  }
  return { sink: { ...sink, event, request }, tally: () => ({ requests, request_errors, request_ms, failed_logins }) }
}
