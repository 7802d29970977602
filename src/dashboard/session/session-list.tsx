import { Answered } from '../answered.tsx'
import type { EventRow, Query } from '../client.ts'
import { toCount, toMoment } from '../format.ts'
import { Link } from '../link.tsx'
import { useCall } from '../use-call.ts'
import { Nothing, View } from '../view.tsx'

const LOOKED_AT = 1000
const EVERY_MS = 10_000

/** The API lists events, not sessions: so those that the latest events name. */
export function SessionList() {
  const query: Query<'findEvents'> = {
    category: ['agent', 'authentication'],
    limit: LOOKED_AT,
    fields: ['session_id', 'user_id', 'agent_id', 'status', 'event_type', 'timestamp', 'approval_status'],
  }
  const answer = useCall('findEvents', { query }, { everyMs: EVERY_MS })
  return (
    <View title="Sessions" about={`Those that the latest ${toCount(LOOKED_AT)} events of agents and log-ins name.`}>
      <Answered of={answer} what="the sessions">
        {({ events }) => {
          const sessions = toSessions(events)
          if (sessions.length === 0)
            return (
              <Nothing title="No session yet">
                A session appears here when an agent’s event, or a log-in, names one by its <code>session_id</code>.
              </Nothing>
            )
          return (
            <ul className="card lines">
              {sessions.map((session) => (
                <li key={session.id}>
                  <Link to={{ view: 'session', id: session.id }} className="line">
                    <span className="line-main">
                      <b>{session.users.join(', ') || 'Nobody named'}</b>
                      {session.agents.length > 0 && <> with {session.agents.join(', ')}</>}
                      <span className="muted line-sub">{session.id}</span>
                    </span>
                    <span className="line-facts">
                      <span>{toCount(session.events)} events</span>
                      {session.approvals > 0 && <span>{toCount(session.approvals)} decided</span>}
                      {session.failures > 0 && <span className="bad">{toCount(session.failures)} failed</span>}
                      <time dateTime={session.last}>{toMoment(session.last)}</time>
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )
        }}
      </Answered>
    </View>
  )
}

interface Session {
  readonly id: string
  readonly users: readonly string[]
  readonly agents: readonly string[]
  readonly events: number
  readonly failures: number
  readonly approvals: number
  readonly last: string
}

function toSessions(events: readonly EventRow[]): Session[] {
  const bySession = Map.groupBy(
    events.filter((event) => event.session_id),
    (event) => event.session_id ?? '',
  )
  return [...bySession].map(([id, of]) => ({
    id,
    users: unique(of.map((event) => event.user_id)),
    agents: unique(of.map((event) => event.agent_id)),
    events: of.length,
    failures: of.filter((event) => event.status === 'failure').length,
    approvals: of.filter((event) => /^APPROVAL_(GRANTED|DENIED)$/.test(event.event_type)).length,
    last: of[0]?.timestamp ?? '',
  }))
}

const unique = (values: readonly (string | undefined)[]): string[] => [
  ...new Set(values.filter((value) => value !== undefined)),
]
