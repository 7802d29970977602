/** How the store is read. Every read takes the viewer first: a read without one does not exist. */
import type { ErrorFields } from '../event.ts'
import type { Analytics, AnalyticsQuery, EventStats, Timeline, TimelineQuery } from '../figures.ts'
import type { ErrorGroupRow, GroupChange, Groups, GroupsQuery } from '../groups.ts'
import type { Place } from '../place.ts'
import type { Asked, Cursor, ErrorQuery, EventQuery, EventRow, EventSelection, Page } from '../query.ts'
import type { Provenance, StoryQuery, TraceTree } from '../story.ts'
import type { Scope, Viewer } from '../viewer.ts'

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
  /** Of each scope whether its user is a member of its project now: for one who gives rows to those they match. */
  areMembers(scopes: readonly Scope[]): Promise<readonly boolean[]>
  /** Why rows after a place may be missing; undefined when none can be. */
  gapAfter(place: Place): Promise<string | undefined>
}

/** Rows without totals, for who reads all of them; the cursor is that of the row before. */
export interface EventPages {
  newestFirst(viewer: Viewer, asked: Asked, from: Cursor | undefined, limit: number): Promise<readonly EventRow[]>
  oldestFirst(viewer: Viewer, asked: Asked, from: Cursor | undefined, limit: number): Promise<readonly EventRow[]>
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
