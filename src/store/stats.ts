/** Numbers about events, under the same scope as the events themselves. */
import { COUNTED, COUNTED_VALUES, type Counts, type EventStats, type Spread } from '../event/figures.ts'
import type { EventSelection } from '../event/query.ts'
import type { Scope } from '../event/viewer.ts'
import type { Em } from './orm.ts'
import { type Source, toFrom } from './pages.ts'
import { toWhere, type Where } from './scope.ts'
import { runSql } from './sql.ts'

const COLUMNS = Object.values(COUNTED)
type Name = keyof typeof COUNTED

interface Group {
  readonly name: Name
  readonly value: string
  readonly events: number
  /** Different values of this column. */
  readonly values: number
}

/** The rows that are counted: a search for words counts what it looks at. */
export const toCounted = (source: Source, scope: Scope, asked: EventSelection): Where =>
  toEnds(toFrom(source, toWhere(scope, asked), { q: asked.q, order: 'desc' }))

/** Where the arrival of a request is an event, its end is another; one of them counts. */
export const toEnds = (from: Where): Where => ({
  ...from,
  text: `${from.text} and not (event_type = 'API_REQUEST' and status = 'in_progress')`,
})

type Numbers = Omit<EventStats, 'range' | 'precision'>

export const findStats = (em: Em, source: Source, scope: Scope, asked: EventSelection): Promise<Numbers> =>
  countRows(em, toCounted(source, scope, asked))

/** `counted`: the rows, as what follows `from`. */
export async function countRows(em: Em, counted: Where): Promise<Numbers> {
  const groups = await runSql<Group>(em, toGroupsSql(counted.text), counted.parameters)
  const { rows } = await runSql<SpreadGroup>(em, toSpreadsSql(counted.text), counted.parameters)
  const all = rows.find(({ is_all }) => is_all)
  const countsOf = (name: Name): Counts => toCounts(groups.rows.filter((group) => group.name === name))
  return {
    total: all?.total ?? 0,
    ...(Object.fromEntries(Object.keys(COUNTED).map((name) => [name, countsOf(name as Name)])) as Record<Name, Counts>),
    unique_users: groups.rows.find(({ name }) => name === 'by_user')?.values ?? 0,
    duration_ms: toSpread(all),
    duration_ms_by_route: toNamed(rows.flatMap((row) => (row.is_all ? [] : [[row.route, toSpread(row)]]))),
  }
}

interface SpreadGroup extends SpreadRow {
  readonly route: string
  readonly is_all: boolean
  readonly total: number
}

/** Of all, and of the slowest routes. */
const toSpreadsSql = (from: string): string =>
  `select route, grouping(route) = 1 as is_all, count(*)::int as total, ${toSpreadSql('duration_ms')} from ${from}
   group by grouping sets ((), (route)) having grouping(route) = 1 or (route is not null and count(duration_ms) > 0)
   order by is_all desc, (percentile_cont(0.95) within group (order by duration_ms)) desc, route limit ${1 + COUNTED_VALUES}`

/** All columns in one reading; of each the values with the most events. */
const toGroupsSql = (from: string): string => {
  const names = Object.entries(COUNTED).map(([name, column]) => `when grouping(${column}) = 0 then '${name}'`)
  const value = COLUMNS.map((column) => `case when grouping(${column}) = 0 then ${column} end`).join(', ')
  return `with groups as (
      select case ${names.join(' ')} end as name, coalesce(${value}) as value, count(*)::int as events
      from ${from} group by grouping sets (${COLUMNS.map((column) => `(${column})`).join(', ')})
    ), ranked as (
      select *, row_number() over (partition by name order by events desc, value) as place,
        (count(*) over (partition by name))::int as values
      from groups where value is not null
    )
    select name, value, events, values from ranked where place <= ${COUNTED_VALUES} order by name, place`
}

export const toCounts = (groups: readonly { readonly value: string; readonly events: number }[]): Counts =>
  toNamed(groups.map(({ value, events }) => [value, events]))

/** Without a prototype: a value may have any name. */
export function toNamed<Value>(entries: readonly (readonly [name: string, value: Value])[]): Record<string, Value> {
  const named: Record<string, Value> = Object.create(null)
  for (const [name, value] of entries) named[name] = value
  return named
}

export interface SpreadRow {
  readonly average: number | null
  readonly percentiles: readonly number[] | null
}

export const toSpreadSql = (column: string): string =>
  `avg(${column})::float8 as average, percentile_cont(array[0.5, 0.95, 0.99]) within group (order by ${column}) as percentiles`

export function toSpread(row: SpreadRow | undefined): Spread {
  const [p50 = null, p95 = null, p99 = null] = row?.percentiles ?? []
  return { average: row?.average ?? null, p50, p95, p99 }
}

/** `counted`: the rows, as what follows `from`. */
export async function countTypes(em: Em, counted: Where): Promise<Map<string, number>> {
  const { rows } = await runSql<{ event_type: string; events: number }>(
    em,
    `select event_type, count(*)::int as events from ${counted.text} group by 1`,
    counted.parameters,
  )
  return new Map(rows.map(({ event_type, events }) => [event_type, events]))
}
