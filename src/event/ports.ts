/** Shapes by which rooms meet; the hallways hand the real things in. */
import type { Draft, ErrorDraft, ErrorEvent, ErrorFields, Event, Identity } from './event.ts'
import type { ErrorQuery, EventQuery, EventRow, EventStats, Page } from './query.ts'
import type { EventTypeEntry } from './types.ts'
import type { Role, Viewer } from './viewer.ts'

/** Where capture puts what it saw. Never throws; undefined when the event was shed. */
export interface Sink {
  /** Seals and spools an event, under `identity` when one was taken before. */
  event(draft: Draft, identity?: Identity): Event | undefined
  error(draft: ErrorDraft): ErrorEvent | undefined
  identify(): Identity
  /** Counts an event that never became a draft. */
  refuse(reason: string): void
}

/** Reads events for a viewer: what is asked in the words of `GET /events`. */
export type FindEvents = (viewer: Viewer, asked: Readonly<Record<string, unknown>>) => Promise<readonly EventRow[]>

export interface SpoolStats {
  /** Events that were handed in: appended and shed together. */
  readonly offered: number
  /** Lines whose full write returned. */
  readonly appended: number
  /** Events that could not be kept. */
  readonly shed: number
  readonly bytes: number
  readonly last_fault: string | null
}

/** The disk buffer as the app's thread sees it. */
export interface Spool {
  /** True when the whole line is with the kernel, so that it survives the end of the process. Never throws. */
  append(line: string | Uint8Array): boolean
  /** Counts an event that never became a line. */
  refuse(reason: string): void
  /** Bytes that wait for the database, as the drain sees them. */
  setBacklog(bytes: number): void
  stats(): SpoolStats
  close(): void
}

export interface SegmentInfo {
  readonly name: string
  readonly bytes: number
}

/** A line that can't be read, with its bytes. */
export interface DamagedLine {
  readonly at: number
  readonly bytes: Buffer
  readonly reason: string
}

/** One good line and where it ends, so that a batch can be split anywhere. */
export interface SegmentLine {
  readonly parsed:
    | { readonly log: 'event'; readonly event: Event }
    | { readonly log: 'error'; readonly event: ErrorEvent }
  readonly at: number
  readonly end: number
  /** The line itself, without its newline; a view of what was read. */
  readonly raw: Buffer
}

/** What was read of one segment: whole lines only. */
export interface Chunk {
  readonly segment: string
  readonly from: number
  readonly to: number
  readonly lines: readonly SegmentLine[]
  readonly damaged: readonly DamagedLine[]
}

export interface SegmentReader {
  /** Oldest first. */
  list(): readonly SegmentInfo[]
  /** Whole lines from a byte on, at most `maxLines`; undefined when there is none yet. */
  read(segment: string, from: number, maxLines: number): Chunk | undefined
  /** Whether a line may begin at this byte, or the segment ends there. */
  isBorder(segment: string, at: number): boolean
}

/** How far segments are stored, kept beside them for when the database can't be asked. */
export interface Progress {
  load(): ReadonlyMap<string, number>
  save(cursors: ReadonlyMap<string, number>): void
}

/** What becomes of segments that are stored. */
export interface Archive {
  /** Compresses and deletes what is old and stored; gives the names of the segments that are gone. */
  tidy(cursors: ReadonlyMap<string, number>): Promise<readonly string[]>
  /** Unpacks what the database does not have after all, as after a restored backup. */
  unpack(cursors: ReadonlyMap<string, number>): Promise<void>
}

/** Where refused lines wait, with the reason. */
export interface Quarantine {
  put(line: DamagedLine & { readonly segment: string }): void
}

/** Rows of one segment, from one byte to another, to be stored in one transaction. */
export interface Batch {
  readonly segment: string
  readonly from: number
  readonly to: number
  readonly events: readonly Event[]
  readonly errors: readonly ErrorEvent[]
}

/** Where the drain puts batches. */
export interface BatchWriter {
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

/** Every read takes the viewer first: a read without one does not exist. */
export interface EventReader {
  find(viewer: Viewer, query: EventQuery): Promise<Page<EventRow>>
  get(viewer: Viewer, id: string): Promise<EventRow | undefined>
  stats(viewer: Viewer, query: EventQuery): Promise<EventStats>
  /** Types that are stored, with their number of events. */
  types(viewer: Viewer): Promise<ReadonlyMap<string, number>>
}

export interface ErrorReader {
  find(viewer: Viewer, query: ErrorQuery): Promise<Page<ErrorFields>>
  get(viewer: Viewer, id: string): Promise<ErrorFields | undefined>
}

export interface NewKey {
  readonly role: Exclude<Role, 'anonymous'>
  readonly user_id?: string
  readonly label?: string
}

export interface KeyRow extends NewKey {
  readonly id: string
  readonly created_at: string
}

export interface KeyStore {
  /** The viewer of a key; undefined for a key that was never made or is revoked. */
  verify(key: string): Promise<Viewer | undefined>
  /** Makes a key; its text is given this once and only its hash is kept. */
  create(viewer: Viewer, key: NewKey): Promise<KeyRow & { readonly key: string }>
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
}

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
}

/** What became of one export of an OpenTelemetry exporter. All of it that was good is with the spool, unless `shed`. */
export interface Taken {
  /** Spans or log records that can't be told as events: without ids, say. They are not to be sent again. */
  readonly rejected: number
  /** Why the first of them was rejected. */
  readonly reason: string | undefined
  /** Events that found no room: the export is to be sent again, whole. What was kept of it is not stored twice. */
  readonly shed: number
}

export type Signal = 'traces' | 'logs'
export type OtlpEncoding = 'protobuf' | 'json'

export interface OtlpExport {
  readonly signal: Signal
  readonly encoding: OtlpEncoding
  /** Whose it is: what it says itself of its tenant does not count. */
  readonly tenant_id: string
  /** Set where the sender may only write what is its own. */
  readonly user_id?: string | undefined
  /** The trace of the request that brings it, which is not told: else telling it would be told, without an end. */
  readonly trace_id?: string | undefined
}

/** Takes what OpenTelemetry exporters send. */
export interface OtlpIntake {
  /** Throws Fault `invalid_request` for bytes that are not what they should be, and then has kept none of it. */
  take(body: Uint8Array, of: OtlpExport): Taken
}

/** What the API needs of the rest of the house. */
export interface ApiParts {
  readonly events: EventReader
  readonly errors: ErrorReader
  readonly keys: KeyStore
  /** Ingest: the same way in as capture's. */
  readonly sink: Sink
  readonly otlp: OtlpIntake
  /** Types that the app registered, beside the built-in ones. */
  readonly eventTypes: ReadonlyMap<string, EventTypeEntry>
  readonly health: () => Health
  /** Resolves when the database answers, rejects with a Fault when it doesn't. */
  readonly ping: () => Promise<void>
}
