/** How the event log itself does. */
import type { DrainStatus } from './drain.ts'
import type { SpoolStats } from './spool.ts'

/** What passed to the sink since the start. */
export interface Tally {
  /** Requests that have ended, and of those the ones that failed on the server. */
  readonly requests: number
  readonly request_errors: number
  /** Time that all of them took together, milliseconds. */
  readonly request_ms: number
  /** Log-ins and keys that were refused. */
  readonly failed_logins: number
}

/** Of one cache of the app's. */
export interface CacheTally {
  readonly hits: number
  readonly misses: number
  /** Hits of all that was asked, 0 to 1; null before anything was. */
  readonly ratio: number | null
}

export interface Health {
  readonly spool: SpoolStats
  readonly drain: DrainStatus
  /**
   * Own events on disk that are not stored yet: appended = stored + quarantined + waiting. Null while another process
   * drains the folder, and alone knows.
   */
  readonly waiting: number | null
  /** Age of the oldest event that waits, milliseconds. */
  readonly lag_ms: number
  readonly tally: Tally
  /** By name, since the start. */
  readonly caches: Readonly<Record<string, CacheTally>>
}
