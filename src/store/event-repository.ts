/** Every read of events. The viewer comes first, and what they may not see is not in any answer, count or statistic. */
import { EVENT_COLUMNS } from '../event/columns.ts'
import type { EventReader } from '../event/ports/readers.ts'
import { EVENT_WORDS, type EventRow, type EventSelection } from '../event/query.ts'
import { type Scope, toScope, type Viewer } from '../event/viewer.ts'
import { findAnalytics } from './analytics.ts'
import { orFault } from './faults.ts'
import { findEvent, findEventPage } from './heirs/reader.ts'
import type { Orm } from './orm.ts'
import { toSource } from './pages.ts'
import { toExact, toStats, toTypes } from './rollups/answers.ts'
import { withRolled } from './rollups/rolled.ts'
import { createSince, toBounded } from './since.ts'
import { countTypes, findStats, toCounted } from './stats.ts'
import { findTimeline, LONGEST_MS } from './timeline.ts'

export const EVENTS = toSource({ table: 'event_logs', columns: EVENT_COLUMNS, words: EVENT_WORDS })

/** `keepDays`: how long events are kept; nothing older is looked for, unless a question names its time. */
export function createEventRepository(orm: Orm, keepDays?: number): EventReader {
  const since = createSince(keepDays)
  const stats: EventReader['stats'] = async (viewer, selection) => {
    const bounded = toBounded(selection, since)
    const scope = scopeOf(viewer, selection)
    const fresh_to = new Date().toISOString()
    const found = await orFault(() =>
      withRolled(orm.em.fork(), scope, bounded, async (em, rolled) =>
        rolled
          ? toStats(em, rolled, fresh_to)
          : { ...(await findStats(em, EVENTS, scope, bounded)), precision: toExact(fresh_to) },
      ),
    )
    return { ...found, range: { start_time: bounded.start_time ?? null, end_time: bounded.end_time ?? null } }
  }
  const timeline: EventReader['timeline'] = (viewer, asked, how) => {
    const { end_time = new Date().toISOString() } = asked
    const longest = new Date(Math.max(0, Date.parse(end_time) - LONGEST_MS)).toISOString()
    const { start_time: first = longest } = toBounded<EventSelection>({ ...asked, end_time }, since)
    const { start_time = [first, longest].sort()[1] ?? longest } = asked
    const selection = { ...asked, start_time, end_time }
    const scope = scopeOf(viewer, asked)
    return orFault(() =>
      withRolled(orm.em.fork(), scope, selection, (em, rolled) =>
        findTimeline(em, EVENTS, { scope, rolled, selection, timeline: how }),
      ),
    )
  }
  return {
    async find(viewer, query) {
      const page = await orFault(() =>
        findEventPage(orm.em.fork(), EVENTS, scopeOf(viewer, query), toBounded(query, since)),
      )
      return { ...page, rows: page.rows.map(toEventRow) }
    },
    async get(viewer, id) {
      const row = await orFault(() => findEvent(orm.em.fork(), EVENTS, toScope(viewer), id))
      return row && toEventRow(row)
    },
    stats,
    timeline,
    async analytics(viewer, { timeline: how, ...selection }) {
      const selected = { scope: scopeOf(viewer, selection), selection: toBounded(selection, since) }
      return {
        stats: await stats(viewer, selection),
        timeline: await timeline(viewer, selection, how),
        ...(await orFault(() => findAnalytics(orm.em.fork(), selected))),
      }
    },
    types(viewer) {
      const scope = toScope(viewer)
      const all = toBounded<EventSelection>({ filters: {} }, since)
      return orFault(() =>
        withRolled(orm.em.fork(), scope, all, (em, rolled) =>
          rolled ? toTypes(em, rolled) : countTypes(em, toCounted(EVENTS, scope, all)),
        ),
      )
    },
  }
}

const scopeOf = (viewer: Viewer, { ofProject }: EventSelection): Scope =>
  toScope(viewer, ofProject === undefined ? {} : { project_id: ofProject })

export const toEventRow = (row: EventRow): EventRow => ({
  ...row,
  timestamp: row.created_at ?? '',
  system_event: true,
})
