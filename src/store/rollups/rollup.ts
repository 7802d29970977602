/** Events counted so that any number of such counts can be added up: of an hour, of rows, of all that is asked for. */
import { COUNTED, COUNTED_VALUES, type Counts, DIVIDED_BY, type EventStats, type Spread } from '../../event/figures.ts'
import { toCounts, toNamed } from '../stats.ts'
import { addDistinctText, countDistinct, createDistinct, type Distinct, toDistinctText } from './distinct.ts'
import { addDurations, createDurations, type Durations, toPairs, toSpreadOf } from './durations.ts'

/** Columns by whose values events are counted. */
export const DIMENSIONS = [...new Set([...Object.values(COUNTED), ...DIVIDED_BY])]
export type Dimension = (typeof DIMENSIONS)[number]

/** Values of a column that are kept, those with the most events. */
export const keptOf = (dimension: Dimension): number => (dimension === 'user_id' ? 100 : 250)
/** Routes of which an hour keeps durations, those with the most. */
export const KEPT_ROUTES = 50
const ROUTES = 'duration_ms_by_route'

export type Cut = Dimension | typeof ROUTES

export interface Rollup {
  total: number
  failures: number
  readonly counts: Map<Dimension, Map<string, number>>
  /** The most events that a value can have which was not kept. */
  readonly cuts: Map<Cut, number>
  readonly durations: Durations
  readonly routes: Map<string, Durations>
  readonly users: Distinct
}

interface StoredDurations {
  readonly sum: number
  readonly pairs: readonly number[]
}

/** As it is stored. */
export interface RollupRow {
  readonly total: number
  readonly failures: number
  readonly counts: { readonly [Name in Dimension]?: Counts }
  readonly cuts: { readonly [Name in Cut]?: number }
  readonly durations: StoredDurations & { readonly routes: Readonly<Record<string, StoredDurations>> }
  readonly users: string
}

export const createRollup = (): Rollup => ({
  total: 0,
  failures: 0,
  counts: new Map(),
  cuts: new Map(),
  durations: createDurations(),
  routes: new Map(),
  users: createDistinct(),
})

export function addCount(to: Rollup, dimension: Dimension, value: string, events: number): void {
  const counts = to.counts.get(dimension) ?? new Map<string, number>()
  to.counts.set(dimension, counts)
  counts.set(value, (counts.get(value) ?? 0) + events)
}

export const addCut = ({ cuts }: Pick<Rollup, 'cuts'>, name: Cut, events: number): unknown =>
  cuts.set(name, (cuts.get(name) ?? 0) + events)

export function addRoute({ routes }: Pick<Rollup, 'routes'>, route: string, { sum, pairs }: StoredDurations): void {
  const durations = routes.get(route) ?? createDurations()
  routes.set(route, durations)
  addDurations(durations, sum, pairs)
}

export function addRow(to: Rollup, row: RollupRow): void {
  to.total += row.total
  to.failures += row.failures
  for (const dimension of DIMENSIONS)
    for (const [value, events] of Object.entries(row.counts[dimension] ?? {})) addCount(to, dimension, value, events)
  for (const [route, durations] of Object.entries(row.durations.routes)) addRoute(to, route, durations)
  for (const [name, events] of Object.entries(row.cuts)) addCut(to, name as Cut, events)
  addDurations(to.durations, row.durations.sum, row.durations.pairs)
  addDistinctText(to.users, row.users)
}

/** Values of a column that a sum of rollups keeps. */
const KEPT = 250

export function trim(rollup: Rollup): void {
  for (const [dimension, values] of rollup.counts) {
    if (values.size <= KEPT) continue
    const sorted = toSorted(values)
    rollup.counts.set(dimension, new Map(sorted.slice(0, KEPT)))
    addCut(rollup, dimension, sorted[KEPT]?.[1] ?? 0)
  }
  const routes = toSorted(new Map([...rollup.routes].map(([route, { count }]) => [route, count])))
  for (const [route] of routes.slice(KEPT)) rollup.routes.delete(route)
  if (routes.length > KEPT) addCut(rollup, ROUTES, routes[KEPT]?.[1] ?? 0)
}

export const toRow = ({ total, failures, counts, cuts, durations, routes, users }: Rollup): RollupRow => ({
  total,
  failures,
  counts: Object.fromEntries([...counts].map(([name, values]) => [name, Object.fromEntries(values)])),
  cuts: Object.fromEntries(cuts),
  durations: { ...toStored(durations), routes: toNamed([...routes].map(([route, of]) => [route, toStored(of)])) },
  users: toDistinctText(users),
})

const toStored = (durations: Durations): StoredDurations => ({ sum: durations.sum, pairs: toPairs(durations) })

/** The values with the most events. */
export function toMost(values: ReadonlyMap<string, number> = new Map()): Counts {
  const most = toSorted(values).slice(0, COUNTED_VALUES)
  return toCounts(most.map(([value, events]) => ({ value, events })))
}

const toSorted = (values: ReadonlyMap<string, number>): [string, number][] =>
  [...values].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))

type Numbers = Omit<EventStats, 'range' | 'precision'>

export function toNumbers({ total, counts, durations, routes, users }: Rollup): Numbers {
  const most = Object.entries(COUNTED).map(([name, column]) => [name, toMost(counts.get(column))])
  return {
    total,
    ...(Object.fromEntries(most) as Pick<Numbers, keyof typeof COUNTED>),
    unique_users: countDistinct(users),
    duration_ms: toSpreadOf(durations),
    duration_ms_by_route: toSlowest(routes),
  }
}

function toSlowest(routes: ReadonlyMap<string, Durations>): Readonly<Record<string, Spread>> {
  const spreads = [...routes].map(([route, durations]) => [route, toSpreadOf(durations)] as const)
  const sorted = spreads.sort(([a, m], [b, n]) => (n.p95 ?? 0) - (m.p95 ?? 0) || (a < b ? -1 : 1))
  return toNamed(sorted.slice(0, COUNTED_VALUES))
}
