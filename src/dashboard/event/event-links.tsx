import type { EventRow } from '../client.ts'
import { Link } from '../link.tsx'

const AROUND_MS = 60_000

/** Where one goes from an event. */
export function EventLinks({ event }: { readonly event: EventRow }) {
  const at = Date.parse(event.timestamp)
  const fingerprint = toFingerprint(event)
  return (
    <nav className="event-links" aria-label="From this event">
      <Link to={{ view: 'provenance', id: event.id }} className="hero-link">
        Who allowed this?
      </Link>
      {event.session_id && <Link to={{ view: 'session', id: event.session_id, at: event.id }}>Session</Link>}
      {event.trace_id && <Link to={{ view: 'trace', id: event.trace_id }}>Trace</Link>}
      {event.user_id && <Link to={{ user_id: event.user_id }}>{event.user_id}’s events</Link>}
      {event.agent_id && <Link to={{ agent_id: event.agent_id }}>{event.agent_id}’s events</Link>}
      {fingerprint && <Link to={{ view: 'errors', group: fingerprint }}>Error group</Link>}
      {!fingerprint && event.status === 'failure' && event.trace_id && (
        <Link to={{ view: 'errors', trace_id: event.trace_id }}>Its errors</Link>
      )}
      <Link
        to={{ start_time: new Date(at - AROUND_MS).toISOString(), end_time: new Date(at + AROUND_MS).toISOString() }}
      >
        A minute around it
      </Link>
    </nav>
  )
}

function toFingerprint({ metadata, payload }: EventRow): string | undefined {
  const found = metadata?.fingerprint ?? payload?.fingerprint
  return typeof found === 'string' ? found : undefined
}
