/** Numbers about events, under the same scope as the events themselves. */
import type { EventQuery, EventStats } from '../event/query.ts'
import type { Scope } from '../event/viewer.ts'
import type { Em } from './orm.ts'
import { toWhere, type Where } from './scope.ts'
import { runSql } from './sql.ts'

interface Group {
  readonly event_type: string
  readonly status: string
  readonly events: number
}

interface Totals {
  readonly unique_users: number
  readonly average: number | null
  readonly percentiles: readonly number[] | null
}

export async function findStats(em: Em, scope: Scope, query: EventQuery): Promise<EventStats> {
  const where = toEnds(toWhere(scope, query))
  const groups = await runSql<Group>(
    em,
    `select event_type, status, count(*)::int as events from event_logs where ${where.text} group by 1, 2`,
    where.parameters,
  )
  const totals = await runSql<Totals>(
    em,
    `select count(distinct user_id)::int as unique_users, avg(duration_ms)::float8 as average,
       percentile_cont(array[0.5, 0.95, 0.99]) within group (order by duration_ms) as percentiles
     from event_logs where ${where.text}`,
    where.parameters,
  )
  const { unique_users = 0, average = null, percentiles } = totals.rows[0] ?? {}
  const [p50 = null, p95 = null, p99 = null] = percentiles ?? []
  return {
    total: groups.rows.reduce((sum, { events }) => sum + events, 0),
    by_type: sumBy(groups.rows, ({ event_type }) => event_type),
    by_status: sumBy(groups.rows, ({ status }) => status),
    unique_users,
    duration_ms: { average, p50, p95, p99 },
  }
}

/** Where the arrival of a request is an event, its end is another; one of them counts. */
const toEnds = (where: Where): Where => ({
  ...where,
  text: `${where.text} and not (event_type = 'API_REQUEST' and status = 'in_progress')`,
})

export async function countTypes(em: Em, scope: Scope): Promise<ReadonlyMap<string, number>> {
  const where = toWhere(scope, { filters: {} })
  const { rows } = await runSql<Omit<Group, 'status'>>(
    em,
    `select event_type, count(*)::int as events from event_logs where ${where.text} group by 1`,
    where.parameters,
  )
  return new Map(rows.map(({ event_type, events }) => [event_type, events]))
}

/** Without a prototype: an event type may have any name. */
function sumBy(groups: readonly Group[], toKey: (group: Group) => string): Record<string, number> {
  const sums: Record<string, number> = Object.create(null)
  for (const group of groups) sums[toKey(group)] = (sums[toKey(group)] ?? 0) + group.events
  return sums
}
