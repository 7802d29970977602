/**
 * How durations spread, in buckets each 2 % wider than the one before (DDSketch): any number of them can be added up, and
 * a percentile is within 1 % of the truth.
 */
import type { Spread } from '../../event/figures.ts'

/** Share of the truth by which a percentile may be off. */
export const DURATION_ERROR = 0.01

/** The same of a route's, which are kept in buckets five times as wide. */
export const ROUTE_DURATION_ERROR = 0.06
const FINE_OF_A_ROUTE = 5

const GAMMA = (1 + DURATION_ERROR) / (1 - DURATION_ERROR)
/** What is shorter counts as nothing, what is longer as this: so buckets lie between -345 and 1727. */
const LEAST_MS = 0.001
const MOST_MS = 1e15
const NOTHING = -400

export interface Durations {
  count: number
  sum: number
  /** Events by bucket. */
  readonly buckets: Map<number, number>
}

export const createDurations = (): Durations => ({ count: 0, sum: 0, buckets: new Map() })

export const toBoundedSql = (column: string): string => `least(greatest(${column}, 0), ${MOST_MS})`

/** The bucket of a bounded duration. */
export const toBucketSql = (ms: string): string =>
  `case when ${ms} <= ${LEAST_MS} then ${NOTHING} else ceil(ln(${ms}) / ${Math.log(GAMMA)})::int end`

/** The middle one of the five that a route has as one. */
export const toRouteBucketSql = (ms: string): string =>
  `(round((${toBucketSql(ms)}) / ${FINE_OF_A_ROUTE}.0) * ${FINE_OF_A_ROUTE})::int`

/** `pairs`: bucket, events, bucket, events, … */
export function addDurations(to: Durations, sum: number, pairs: readonly number[]): void {
  to.sum += sum
  for (let at = 0; at < pairs.length; at += 2) {
    const [bucket = 0, events = 0] = [pairs[at], pairs[at + 1]]
    to.count += events
    to.buckets.set(bucket, (to.buckets.get(bucket) ?? 0) + events)
  }
}

export const toPairs = ({ buckets }: Durations): number[] => [...buckets].flat()

export function toSpreadOf({ count, sum, buckets }: Durations): Spread {
  if (count === 0) return { average: null, p50: null, p95: null, p99: null }
  const ascending = [...buckets].sort(([a], [b]) => a - b)
  const at = (rank: number): number => {
    let left = rank
    const found = ascending.find(([, events]) => {
      const isHere = left < events
      if (!isHere) left -= events
      return isHere
    })
    return toMs(found?.[0] ?? NOTHING)
  }
  // Between two neighbours, as `percentile_cont` has it.
  const percentile = (share: number): number => {
    const rank = share * (count - 1)
    const [low, high] = [at(Math.floor(rank)), at(Math.ceil(rank))]
    return low + (high - low) * (rank % 1)
  }
  return { average: sum / count, p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99) }
}

const toMs = (bucket: number): number => (bucket === NOTHING ? 0 : (2 * GAMMA ** bucket) / (GAMMA + 1))
