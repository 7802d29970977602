/** Who allowed this: the rows around one event, within the viewer's scope, and what they say together. */
import type { EventRow } from '../event/query.ts'
import type { Provenance } from '../event/story.ts'
import { TRACE_CAP } from '../event/story.ts'
import type { Scope } from '../event/viewer.ts'
import { EVENTS, toEventRow } from './event-repository.ts'
import { SESSION_TYPES, toProvenance } from './lineage.ts'
import type { Em } from './orm.ts'
import { findRows, type Taken } from './pages.ts'
import { andWhere, toWhere } from './scope.ts'

const SESSION_CAP = 500
const CALL_CAP = 100

export async function findProvenance(em: Em, scope: Scope, event: EventRow): Promise<Provenance> {
  const seen = toWhere(scope, { filters: {} })
  const find = async (condition: string, values: readonly unknown[], taken: Taken): Promise<EventRow[]> =>
    (await findRows<EventRow>(em, EVENTS, andWhere(seen, condition, values), taken)).map(toEventRow)
  const ofTrace = (trace_id: string | undefined) =>
    trace_id === undefined ? [] : find('trace_id = ?', [trace_id], { order: 'asc', limit: TRACE_CAP })
  const ofSession = ({ session_id, timestamp }: EventRow) =>
    session_id === undefined
      ? []
      : find(
          'session_id = ? and event_type = any(?) and created_at <= ?::timestamptz',
          [session_id, SESSION_TYPES, timestamp],
          {
            order: 'desc',
            limit: SESSION_CAP,
          },
        )
  const ofCall = (tool_call_id: string | undefined) =>
    tool_call_id === undefined ? [] : find('tool_call_id = ?', [tool_call_id], { order: 'desc', limit: CALL_CAP })

  const near = [...(await ofTrace(event.trace_id)), ...(await ofSession(event))]
  const { steps } = toProvenance(event, near)
  const callId = event.tool_call_id ?? steps.find(({ part }) => part === 'tool')?.event.tool_call_id
  const message = steps.find(({ part }) => part === 'message')?.event
  const other = message?.trace_id === event.trace_id ? undefined : message?.trace_id
  // An approval may be given, and a message written, in a request of its own.
  const further = [...(await ofCall(callId)), ...(await ofTrace(other))]
  return toProvenance(event, [...new Map([...near, ...further].map((row) => [row.id, row])).values()])
}
