/** What the drain moves, and where to. */
import type { ErrorEvent, Event } from '../event.ts'

/** Rows of one segment, from one byte to another, to be stored in one transaction. */
export interface Batch {
  readonly segment: string
  readonly from: number
  readonly to: number
  readonly events: readonly Event[]
  readonly errors: readonly ErrorEvent[]
}

/** What is known of a user or an address, for risk. */
export interface Known {
  readonly tenant_id: string
  readonly subject: string
  /** Plain JSON; empty for who is new. */
  profile: object
  /** How often it was stored before. */
  version: number
}

/** Factors of risk that need a look back. */
export interface RiskWindows {
  /** Those of whom events want to know something, by keys of its own. */
  knownOf(events: readonly Event[]): Map<string, Known>
  /** The event with what the look back adds, in the order of time; what it teaches is put into the profiles. */
  assess(event: Event, known: ReadonlyMap<string, Known>): Event
}

/** Where the drain puts batches. */
export interface BatchWriter {
  /** How long a batch should take: long enough to pay for its commit, short enough for who waits meanwhile. */
  readonly aimMs: number
  /** Next byte to store, by segment. */
  cursors(): Promise<ReadonlyMap<string, number>>
  /** Stores rows and cursor in one transaction; throws a Fault whose policy says whether to retry or to split. */
  write(batch: Batch): Promise<void>
  /** Called when all is stored, for work that can wait. */
  idle(): Promise<void>
  /** Removes the cursors of segments that are gone. */
  forget(segments: readonly string[]): Promise<void>
  close(): Promise<void>
}

export type DrainState = 'starting' | 'idle' | 'draining' | 'waiting' | 'standby' | 'stopping' | 'stopped'

export interface DrainStatus {
  readonly state: DrainState
  /** Events and errors stored since the drain started. */
  readonly stored: number
  readonly quarantined: number
  /** Of `stored` and `quarantined`, those that this event log appended itself; the others waited from before. */
  readonly own: number
  /** Bytes on disk that are not stored yet. */
  readonly waiting_bytes: number
  /** When the oldest line that could not be stored was made; null when none waits. */
  readonly oldest_waiting: string | null
  /** Milliseconds that the last batch took to store; 0 before the first. */
  readonly batch_ms: number
  /** Why the drain waits or stands by; null when it does not. */
  readonly reason: string | null
  /** Why retention removes less than is due; null or absent when it does not. */
  readonly retention?: string | null
}
