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

export const toBounded = <Query extends { readonly start_time?: string }>(query: Query, since: Since): Query => {
  const start_time = query.start_time ?? since()
  return start_time === undefined ? query : { ...query, start_time }
}
