/** Every read of events. The viewer comes first, and what they may not see is not in any answer, count or statistic. */
import { EVENT_COLUMNS } from '../event/columns.ts'
import type { EventReader } from '../event/ports.ts'
import type { EventRow } from '../event/query.ts'
import { toScope } from '../event/viewer.ts'
import { orFault } from './faults.ts'
import type { Orm } from './orm.ts'
import { findOne, findPage, toSource } from './pages.ts'
import { countTypes, findStats } from './stats.ts'

const SOURCE = toSource('event_logs', EVENT_COLUMNS)

export function createEventRepository(orm: Orm): EventReader {
  return {
    async find(viewer, query) {
      const page = await orFault(() => findPage<EventRow>(orm.em.fork(), SOURCE, toScope(viewer), query))
      return { ...page, rows: page.rows.map(toRow) }
    },
    async get(viewer, id) {
      const row = await orFault(() => findOne<EventRow>(orm.em.fork(), SOURCE, toScope(viewer), id))
      return row && toRow(row)
    },
    stats: (viewer, query) => orFault(() => findStats(orm.em.fork(), toScope(viewer), query)),
    types: (viewer) => orFault(() => countTypes(orm.em.fork(), toScope(viewer))),
  }
}

const toRow = (row: EventRow): EventRow => ({ ...row, timestamp: row.created_at ?? '', system_event: true })
