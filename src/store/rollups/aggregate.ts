/** Rows → rollups, one for each tenant. */
import type { Em } from '../orm.ts'
import type { Where } from '../scope.ts'
import { runSql } from '../sql.ts'
import { addPlace, toPlaceSql, toRunSql } from './distinct.ts'
import { addDurations, toBoundedSql, toBucketSql, toRouteBucketSql } from './durations.ts'
import {
  addCount,
  addCut,
  addRoute,
  createRollup,
  DIMENSIONS,
  type Dimension,
  KEPT_ROUTES,
  keptOf,
  type Rollup,
} from './rollup.ts'

interface Group {
  readonly tenant_id: string
  /** Null for all events of the tenant. */
  readonly name: Dimension | null
  readonly value: string
  readonly events: number
  readonly failures: number
  readonly place: number
}

/** `from`: the rows, as what follows `from` in SQL. */
export async function aggregate(em: Em, from: Where): Promise<ReadonlyMap<string, Rollup>> {
  const rollups = new Map<string, Rollup>()
  const of = (tenant: string): Rollup => {
    const rollup = rollups.get(tenant) ?? createRollup()
    rollups.set(tenant, rollup)
    return rollup
  }
  const { rows } = await runSql<Counted>(em, toSql(from.text), from.parameters)
  const { groups, buckets, routes, places } = rows[0] ?? {}
  for (const group of groups ?? []) addGroup(of(group.tenant_id), group)
  for (const { tenant_id, bucket, events, sum } of buckets ?? [])
    addDurations(of(tenant_id).durations, sum, [bucket, events])
  for (const part of routes ?? []) addRoutePart(of(part.tenant_id), part)
  for (const { tenant_id, place, run } of places ?? []) addPlace(of(tenant_id).users, place, run)
  return rollups
}

interface Counted {
  readonly groups: readonly Group[] | null
  readonly buckets: readonly Bucket[] | null
  readonly routes: readonly RoutePart[] | null
  readonly places: readonly Place[] | null
}

const COLUMNS = [...new Set(['tenant_id', 'status', 'user_id', 'duration_ms', ...DIMENSIONS])]

/** The rows are read once: to plan how costs more than to read, where there are many days and few rows. */
const toSql = (from: string): string =>
  `with counted as materialized (select ${COLUMNS.join(', ')} from ${from})
   select ${Object.entries({ groups: GROUPS, buckets: BUCKETS, routes: ROUTES, places: PLACES })
     .map(([name, sql]) => `(select json_agg(one) from (${sql}) as one) as ${name}`)
     .join(', ')}`

function addGroup(rollup: Rollup, { name, value, events, failures, place }: Group): void {
  if (name === null) Object.assign(rollup, { total: events, failures })
  else if (place <= keptOf(name)) addCount(rollup, name, value, events)
  else addCut(rollup, name, events)
}

/** Of each column one value more than is kept: it tells what those may have that are left out. */
const GROUPS = toGroupsSql()

function toGroupsSql(): string {
  const names = DIMENSIONS.map((column) => `when grouping(${column}) = 0 then '${column}'`).join(' ')
  const value = DIMENSIONS.map((column) => `case when grouping(${column}) = 0 then ${column} end`).join(', ')
  const kept = DIMENSIONS.map((column) => `when '${column}' then ${keptOf(column)}`).join(' ')
  return `with groups as (
      select tenant_id, case ${names} end as name, coalesce(${value}) as value, count(*)::int as events,
        (count(*) filter (where status = 'failure'))::int as failures
      from counted group by tenant_id, grouping sets ((), ${DIMENSIONS.map((column) => `(${column})`).join(', ')})
    ), ranked as (
      select *, (row_number() over (partition by tenant_id, name order by events desc, value))::int as place
      from groups where name is null or value is not null
    )
    select * from ranked where name is null or place <= 1 + case name ${kept} end`
}

interface Bucket {
  readonly tenant_id: string
  readonly bucket: number
  readonly events: number
  readonly sum: number
}

const TIMED = `(select tenant_id, route, ${toBoundedSql('duration_ms')} as ms from counted where duration_ms is not null) as timed`

const BUCKETS = `select tenant_id, ${toBucketSql('ms')} as bucket, count(*)::int as events, sum(ms) as sum
   from ${TIMED} group by 1, 2`

interface RoutePart extends Bucket {
  readonly route: string
  readonly of_route: number
  readonly place: number
}

function addRoutePart(rollup: Rollup, { route, bucket, events, sum, of_route, place }: RoutePart): void {
  if (place <= KEPT_ROUTES) addRoute(rollup, route, { sum, pairs: [bucket, events] })
  else rollup.cuts.set('duration_ms_by_route', of_route)
}

/** One route more than is kept, as of columns. */
const ROUTES = `with parts as (
     select tenant_id, route, ${toRouteBucketSql('ms')} as bucket, count(*)::int as events, sum(ms) as sum
     from ${TIMED} where route is not null group by 1, 2, 3
   ), summed as (
     select *, (sum(events) over (partition by tenant_id, route))::int as of_route from parts
   ), ranked as (
     select *, (dense_rank() over (partition by tenant_id order by of_route desc, route))::int as place from summed
   )
   select * from ranked where place <= ${1 + KEPT_ROUTES}`

interface Place {
  readonly tenant_id: string
  readonly place: number
  readonly run: number
}

const PLACES = `select tenant_id, ${toPlaceSql('user_id')} as place, max(${toRunSql('user_id')}) as run
   from counted where user_id is not null group by 1, 2`
