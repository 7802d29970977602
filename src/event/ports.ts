/** Shapes by which rooms meet; the hallways hand the real things in. */
import type { AlertRule, AlertState, Measured } from './alert.ts'
import type { Draft, ErrorDraft, ErrorEvent, ErrorFields, Event, Identity } from './event.ts'
import type { Analytics, AnalyticsQuery, EventStats, Timeline, TimelineQuery } from './figures.ts'
import type { ErrorGroupRow, GroupChange, Groups, GroupsQuery } from './groups.ts'
import type { Place } from './place.ts'
import type { Asked, Cursor, ErrorQuery, EventQuery, EventRow, EventSelection, Page } from './query.ts'
import type { RetentionAdmin } from './retention.ts'
import type { Provenance, StoryQuery, TraceTree } from './story.ts'
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

/** An attack that shows in a request: its name and where it is, and nothing of what was sent. */
export interface FoundThreat {
  readonly name: string
  readonly in: 'path' | 'query' | 'body' | 'user_agent'
}

export type FindThreats = (url: string, user_agent: string | undefined, body?: string) => readonly FoundThreat[]

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
  /** What `work` appends goes to the kernel in one write, when it has ended. Until then `append` tells nothing of it. */
  together(work: () => void): void
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
  /** The events with what the look back adds; what they teach is put into the profiles. */
  assess(events: readonly Event[], known: ReadonlyMap<string, Known>): readonly Event[]
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

/** Every read takes the viewer first: a read without one does not exist. */
export interface EventReader {
  find(viewer: Viewer, query: EventQuery): Promise<Page<EventRow>>
  get(viewer: Viewer, id: string): Promise<EventRow | undefined>
  stats(viewer: Viewer, selection: EventSelection): Promise<EventStats>
  timeline(viewer: Viewer, selection: EventSelection, timeline: TimelineQuery): Promise<Timeline>
  analytics(viewer: Viewer, of: AnalyticsQuery): Promise<Analytics>
  /** Types that are stored, with their number of events. */
  types(viewer: Viewer): Promise<ReadonlyMap<string, number>>
}

/** Rows in the order in which their transactions were begun, up to the oldest that is still open. */
export interface FeedPage {
  readonly rows: readonly EventRow[]
  /** Where to go on: behind the last row, or behind all that there is when there are no more. */
  readonly next: Place
  readonly isLast: boolean
  /** Whether rows are stored already that wait for an older transaction to end. */
  readonly isHeld: boolean
}

export interface EventFeed {
  /** The last rows that there are, for one who follows; of all tenants and users, as `all`. */
  latest(limit: number): Promise<FeedPage>
  /** What was stored after a place, of all tenants and users: for one who gives each row only to those it `matches`. */
  all(after: Place, limit: number): Promise<FeedPage>
  /** What a viewer may see of it. */
  after(viewer: Viewer, asked: Asked, after: Place, limit: number): Promise<FeedPage>
  /** Why rows after a place may be missing; undefined when none can be. */
  gapAfter(place: Place): Promise<string | undefined>
}

/** Rows without totals, for who reads all of them; the cursor is that of the row before. */
export interface EventPages {
  newestFirst(viewer: Viewer, asked: Asked, from: Cursor | undefined, limit: number): Promise<readonly EventRow[]>
  oldestFirst(viewer: Viewer, asked: Asked, from: Cursor | undefined, limit: number): Promise<readonly EventRow[]>
}

export interface DailyFile {
  /** UTC. */
  readonly date: string
  readonly bytes: number
  readonly segments: number
  /** Whether all of it is compressed by now. */
  readonly packed: boolean
}

/** A day as it was when it was opened: whole lines only, and the same bytes however long they are read. */
export interface DailyBytes {
  readonly bytes: number
  /** Another one when the bytes are others. */
  readonly tag: string
  /** From the first byte to before the last. */
  read(from: number, to: number): AsyncIterable<Uint8Array>
}

/** The daily files, of all tenants and users. */
export interface DailyFiles {
  list(): Promise<readonly DailyFile[]>
  open(date: string): Promise<DailyBytes | undefined>
}

export interface ErrorReader {
  find(viewer: Viewer, query: ErrorQuery): Promise<Page<ErrorFields>>
  get(viewer: Viewer, id: string): Promise<ErrorFields | undefined>
}

export interface ErrorGroupStore {
  find(viewer: Viewer, query: GroupsQuery): Promise<Groups>
  /** Undefined when there is no such group that the viewer may see. */
  change(viewer: Viewer, fingerprint: string, change: GroupChange): Promise<ErrorGroupRow | undefined>
}

export interface StoryReader {
  /** The events of a session or run, with those that only their ancestors tell to be of it. */
  story(viewer: Viewer, query: StoryQuery): Promise<Page<EventRow>>
  /** Undefined when there is nothing of it that the viewer may see. */
  trace(viewer: Viewer, trace_id: string): Promise<TraceTree | undefined>
  /** What led to this event. */
  provenance(viewer: Viewer, id: string): Promise<Provenance | undefined>
}

export interface NewKey {
  readonly role: Exclude<Role, 'anonymous'>
  readonly user_id?: string
  readonly label?: string
  /** ISO 8601; never when left out. */
  readonly expires_at?: string
}

export interface KeyRow extends NewKey {
  readonly id: string
  readonly created_at: string
  readonly rotated_at?: string
  /** To the hour. */
  readonly last_used_at?: string
  readonly revoked_at?: string
}

export type ShownKey = KeyRow & { readonly key: string }

export interface KeyStore {
  /** The viewer of a key; undefined for a key that was never made, is revoked or has expired. */
  verify(key: string): Promise<Viewer | undefined>
  /** Makes a key; its text is given this once and only its hash is kept. */
  create(viewer: Viewer, key: NewKey): Promise<ShownKey>
  /** Keys of the viewer's tenant, newest first. */
  list(viewer: Viewer): Promise<readonly KeyRow[]>
  /** Gives the key another text; the one before is taken for so long. Undefined where there is no such key in use. */
  rotate(viewer: Viewer, id: string, overlapMs: number): Promise<ShownKey | undefined>
  /** The key is refused from now on, also one that is already. Undefined where there is no such key. */
  revoke(viewer: Viewer, id: string): Promise<KeyRow | undefined>
}

export interface Member {
  readonly user_id: string
  readonly since: string
}

/** Who is a member of which project of the viewer's tenant. */
export interface MemberStore {
  list(viewer: Viewer, project_id: string): Promise<readonly Member[]>
  /** A member already keeps its `since`. */
  add(viewer: Viewer, project_id: string, user_id: string): Promise<Member>
  /** False when there was no such member. */
  remove(viewer: Viewer, project_id: string, user_id: string): Promise<boolean>
}

/** What signs the viewer tokens of a tenant. Made when it is first asked for. */
export interface TokenSecrets {
  /** Undefined for a tenant that has made no token yet. */
  find(tenant_id: string): Promise<string | undefined>
  make(tenant_id: string): Promise<string>
  /** Ends every token of the tenant. */
  renew(tenant_id: string): Promise<void>
}

export interface AlertTelling {
  readonly rule: AlertRule
  readonly measured: Measured
  /** The same for whoever is told of this one. */
  readonly id: string
  readonly what: 'fired' | 'resolved'
}

/** Where alerts are told. */
export interface AlertChannel {
  readonly name: string
  /** Rejects when it was not taken. */
  readonly send: (telling: AlertTelling) => Promise<void>
}

export interface AlertStore {
  /** What the rule measures now, of each tenant that has any. */
  measure(rule: AlertRule): Promise<readonly Measured[]>
  /** Of all processes that see the same, one is given the telling: when it begins, after each cooldown, when it is over. */
  claim(rule: AlertRule, measured: Measured, isBeyond: boolean): Promise<Pick<AlertTelling, 'id' | 'what'> | undefined>
  noteChannels(telling: AlertTelling, failure: string | null): Promise<void>
}

export interface AlertReader {
  states(viewer: Viewer): Promise<readonly AlertState[]>
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

/** A question in the ids that are stored, where those are hashes. */
export type AsStored = (viewer: Viewer, asked: Asked) => readonly [Viewer, Asked]

/** What the API needs of the rest of the house. */
export interface ApiParts {
  readonly events: EventReader
  readonly errors: ErrorReader
  readonly errorGroups: ErrorGroupStore
  readonly stories: StoryReader
  readonly keys: KeyStore
  readonly retention: RetentionAdmin
  readonly members: MemberStore
  readonly tokenSecrets: TokenSecrets
  /** Ingest: the same way in as capture's. */
  readonly sink: Sink
  readonly otlp: OtlpIntake
  /** Types that the app registered, beside the built-in ones. */
  readonly eventTypes: ReadonlyMap<string, EventTypeEntry>
  readonly health: () => Health
  /** Does `work`, a read; what it asks of the database is cancelled when the signal says that nobody waits for it. */
  readonly whileAsked: <T>(signal: AbortSignal, work: () => T) => T
  readonly feed: EventFeed
  readonly asStored: AsStored
  readonly alerts: AlertReader
  readonly alertRules: readonly AlertRule[]
  /** Names of the channels by which alerts are told. */
  readonly alertChannels: readonly string[]
  readonly pages: EventPages
  readonly files: DailyFiles
  /** Calls when something was stored, as a hint; gives what ends that. */
  readonly onStored: (ring: () => void) => () => void
  /** Resolves when the database answers, rejects with a Fault when it doesn't. */
  readonly ping: () => Promise<void>
}
