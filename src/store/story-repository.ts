/** Stories of events, with the viewer first, as for each of them. */
import type { ErrorFields } from '../event/event.ts'
import type { StoryReader } from '../event/ports/readers.ts'
import type { EventRow } from '../event/query.ts'
import { TRACE_CAP, type TraceTree } from '../event/story.ts'
import { type Scope, toScope } from '../event/viewer.ts'
import { ERRORS } from './error-repository.ts'
import { EVENTS, toEventRow } from './event-repository.ts'
import { orFault } from './faults.ts'
import { findEventPage, inherit } from './heirs/reader.ts'
import type { Em, Orm } from './orm.ts'
import { findOne, findRows } from './pages.ts'
import { findProvenance } from './provenance.ts'
import { toWhere } from './scope.ts'
import { toTraceNodes } from './trace-tree.ts'

/** However old: a rule or a hold may keep rows of a story for longer than others. */
export function createStoryRepository(orm: Orm): StoryReader {
  return {
    async story(viewer, query) {
      const { column, id, order = 'asc', ...rest } = query
      const page = await orFault(() =>
        findEventPage(orm.em.fork(), EVENTS, toScope(viewer), { ...rest, order, filters: { [column]: [id] } }),
      )
      return { ...page, rows: page.rows.map(toEventRow) }
    },
    trace: (viewer, trace_id) => orFault(() => findTrace(orm.em.fork(), toScope(viewer), trace_id)),
    provenance: (viewer, id) =>
      orFault(async () => {
        const [em, scope] = [orm.em.fork(), toScope(viewer)]
        const row = await findOne<EventRow>(em, EVENTS, scope, id)
        return row && (await findProvenance(em, scope, toEventRow(row)))
      }),
  }
}

async function findTrace(em: Em, scope: Scope, trace_id: string): Promise<TraceTree | undefined> {
  const where = toWhere(scope, { filters: { trace_id: [trace_id] } })
  const taken = { order: 'asc', limit: TRACE_CAP + 1 } as const
  const found = await findRows<EventRow>(em, EVENTS, where, taken)
  const events = (await inherit(em, scope, found)).map(toEventRow)
  const errors = await findRows<ErrorFields>(em, ERRORS, where, taken)
  const times = [...events, ...errors].map(({ created_at = '' }) => created_at).sort()
  const [start_time, end_time] = [times[0], times.at(-1)]
  if (start_time === undefined || end_time === undefined) return undefined
  const told = { events: events.slice(0, TRACE_CAP), errors: errors.slice(0, TRACE_CAP) }
  return {
    ...{ trace_id, start_time, end_time, events: told.events.length, errors: told.errors.length },
    truncated: events.length > TRACE_CAP || errors.length > TRACE_CAP,
    nodes: toTraceNodes(told.events, told.errors),
  }
}
