/** Rows page after page for who reads all of them: by keyset, and without the totals that people look at. */
import type { EventPages } from '../event/ports/readers.ts'
import type { EventRow } from '../event/query.ts'
import { toScope, toSeen } from '../event/viewer.ts'
import { EVENTS, toEventRow } from './event-repository.ts'
import { orFault } from './faults.ts'
import { inherit, withHeirs } from './heirs/reader.ts'
import type { Orm } from './orm.ts'
import { toSetColumns } from './pages.ts'
import { andWhere, toWhere } from './scope.ts'
import { runSql } from './sql.ts'

const COLUMNS = EVENTS.select()

export function createEventPages(orm: Orm): EventPages {
  const reader =
    (direction: 'asc' | 'desc', beyond: '>' | '<'): EventPages['newestFirst'] =>
    async (viewer, asked, from, limit) =>
      await orFault(async () => {
        const [em, scope] = [orm.em.fork(), toScope(viewer)]
        const all = toWhere(scope, await withHeirs(em, scope, asked))
        // The time alone tells which partitions there is nothing in.
        const where = from
          ? andWhere(
              all,
              `created_at ${beyond}= ?::timestamptz and (created_at, id) ${beyond} (?::timestamptz, ?::uuid)`,
              [from.created_at, from.created_at, from.id],
            )
          : all
        const { rows } = await runSql<object>(
          em,
          `select ${COLUMNS} from event_logs where ${where.text}
           order by event_logs.created_at ${direction}, event_logs.id ${direction} limit ${limit}`,
          where.parameters,
        )
        const seen = rows.map((row) => toSeen(where, toSetColumns(row)) as EventRow)
        return (await inherit(em, scope, seen)).map(toEventRow)
      })
  return { newestFirst: reader('desc', '<'), oldestFirst: reader('asc', '>') }
}
