/** The oldest time at which there can be a row: no question looks further back than what is kept, so that few partitions are read. */
const DAY_MS = 86_400_000

export type Since = () => string | undefined

/** Whole days are dropped when all of them is too old. Without `keepDays` nothing is. */
export const createSince =
  (keepDays: number | undefined, nowMs: () => number = Date.now): Since =>
  () =>
    keepDays === undefined
      ? undefined
      : new Date(Math.max(0, Math.floor(nowMs() / DAY_MS) - keepDays) * DAY_MS).toISOString()

interface Spanned {
  readonly start_time?: string
  readonly end_time?: string
}

/** A question that ends before then is about rows that a rule or a hold keeps for longer than others. */
export function toBounded<Query extends Spanned>(query: Query, since: Since): Query {
  const { start_time, end_time } = query
  const oldest = since()
  const isNamed = start_time !== undefined || (end_time !== undefined && oldest !== undefined && end_time <= oldest)
  return isNamed || oldest === undefined ? query : { ...query, start_time: oldest }
}
