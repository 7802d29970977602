/**
 * The log in the order of its commits. Rows become visible when their transaction ends and not when it begins, so a
 * reader that went by time or id would pass over the rows of a slow one. All transactions below the oldest open one
 * (`pg_snapshot_xmin`) have ended: what they stored is visible, and none of it will come later.
 */
import { type Place, toPlace, toPlaceBehind, toPlaceTime } from '../event/place.ts'
import type { EventFeed, FeedPage } from '../event/ports/readers.ts'
import type { EventRow } from '../event/query.ts'
import { type Scope, toScope, toSeen } from '../event/viewer.ts'
import { EVENTS, toEventRow } from './event-repository.ts'
import { orFault } from './faults.ts'
import type { Orm } from './orm.ts'
import { toIsoSql, toSetColumns } from './pages.ts'
import { andWhere, EVERYWHERE, toWhere, type Where } from './scope.ts'
import { runSql } from './sql.ts'

const COLUMNS = EVENTS.select()
const XMIN = 'pg_snapshot_xmin(pg_current_snapshot())'
const ORDER = ['event_logs.tx_id', 'event_logs.created_at', 'event_logs.id']

type Found = EventRow & { readonly edge_tx: string; readonly edge_at: string; readonly is_held: boolean }

export function createEventFeed(orm: Orm): EventFeed {
  const read = (where: Where, limit: number, direction: 'asc' | 'desc' = 'asc'): Promise<FeedPage> =>
    orFault(async () => {
      // One statement, so that the rows and the edge are of one moment.
      const { rows: found } = await runSql<Found>(
        orm.em.fork(),
        `with page as (
           select ${COLUMNS} from event_logs where ${where.text} and tx_id < ${XMIN}
           order by ${ORDER.map((column) => `${column} ${direction}`).join(', ')} limit ${limit}
         ), edge as (
           select (${XMIN}::text::numeric - 1)::text as edge_tx, ${toIsoSql('now()')} as edge_at,
             exists(select from event_logs where tx_id >= ${XMIN}) as is_held
         )
         select * from edge left join page on true order by page.tx_id::numeric, page.created_at, page.id`,
        where.parameters,
      )
      const rows = found.flatMap(({ edge_tx: _, edge_at: __, is_held: ___, ...row }) =>
        row.id === null ? [] : [toEventRow(toSeen(where, toSetColumns(row)) as EventRow)],
      )
      const { edge_tx = '0', edge_at = '', is_held = false } = found[0] ?? {}
      const isLast = direction === 'desc' || rows.length < limit
      const last = rows.at(-1)
      return { rows, next: isLast || !last ? toPlaceBehind(edge_tx, edge_at) : toPlace(last), isLast, isHeld: is_held }
    })

  return {
    latest: (limit) => read(EVERYWHERE, limit, 'desc'),
    all: (place, limit) => read(after(EVERYWHERE, place), limit),
    after: async (viewer, asked, place, limit) => await read(after(toWhere(toScope(viewer), asked), place), limit),
    areMembers: (scopes) => orFault(() => findMembers(orm, scopes)),
    gapAfter: (place) => orFault(() => findGap(orm, place)),
  }
}

/** The first condition is what the index is for: the second alone would lead to its column too, but not past the sort. */
const after = (where: Where, { tx_id, created_at, id }: Place): Where =>
  andWhere(
    where,
    'tx_id >= ?::xid8 and (event_logs.tx_id, event_logs.created_at, event_logs.id) > (?::xid8, ?::timestamptz, ?::uuid)',
    [tx_id, tx_id, created_at, id],
  )

async function findMembers(orm: Orm, scopes: readonly Scope[]): Promise<boolean[]> {
  const { rows } = await runSql<{ is_member: boolean }>(
    orm.em.fork(),
    `select exists(select from project_members as m where m.tenant_id = asked.tenant_id
         and m.project_id = asked.project_id and m.user_id = asked.user_id) as is_member
       from unnest($1::text[], $2::text[], $3::text[]) with ordinality as asked(tenant_id, project_id, user_id, at)
       order by at`,
    [
      scopes.map((scope) => scope.tenant_id),
      scopes.map((scope) => scope.project_id),
      scopes.map((scope) => scope.user_id),
    ],
  )
  return rows.map(({ is_member }) => is_member)
}

async function findGap(orm: Orm, place: Place): Promise<string | undefined> {
  const { rows } = await runSql<{ is_future: boolean; is_past: boolean | null }>(
    orm.em.fork(),
    `select $1::xid8 >= ${XMIN} as is_future,
       $2::timestamptz < (select min(to_date(right(c.relname, 8), 'YYYYMMDD'))::timestamp at time zone 'UTC'
         from pg_inherits i join pg_class c on c.oid = i.inhrelid
         where i.inhparent = 'event_logs'::regclass and c.relname ~ '_p[0-9]{8}$') as is_past`,
    [place.tx_id, toPlaceTime(place)],
  )
  if (rows[0]?.is_future) return 'The database is another than the one that this place was in.'
  return rows[0]?.is_past ? 'Events of that time are no longer kept.' : undefined
}
