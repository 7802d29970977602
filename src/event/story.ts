/** What happened in one session, run or trace, and what led to one event. */
import type { ErrorFields } from './event.ts'
import type { EventQuery, EventRow } from './query.ts'

/** Columns whose events are one story. */
export type StoryColumn = 'session_id' | 'run_id'

export interface StoryQuery extends Pick<EventQuery, 'limit' | 'cursor' | 'order' | 'start_time' | 'end_time'> {
  readonly column: StoryColumn
  readonly id: string
}

/** A span with what was told of it, or a row that has none. */
export interface TraceNode {
  readonly span_id: string | null
  readonly parent_span_id: string | null
  /** 0 at the top. */
  readonly depth: number
  /** Only known as the parent of others: nothing of it is stored, or may be seen. */
  readonly missing: boolean
  readonly events: readonly EventRow[]
  readonly errors: readonly ErrorFields[]
}

export interface TraceTree {
  readonly trace_id: string
  readonly start_time: string
  readonly end_time: string
  readonly events: number
  readonly errors: number
  /** There is more than this tells. */
  readonly truncated: boolean
  /** Each node before those below it, siblings by time. */
  readonly nodes: readonly TraceNode[]
}

/** Rows of each log that one trace is told by. */
export const TRACE_CAP = 2_000

/** What an event was found by: the surest first. */
export const LINKS = ['itself', 'tool_call', 'approval', 'span', 'request', 'trace', 'session'] as const
export type Link = (typeof LINKS)[number]

/** In the order in which a story of provenance is told, from the event back to who wanted it. */
export const PARTS = ['event', 'tool', 'agent', 'approval', 'question', 'task', 'message', 'request'] as const
export type ProvenancePart = (typeof PARTS)[number]

export interface Step {
  readonly part: ProvenancePart
  readonly link: Link
  readonly event: EventRow
}

export interface Provenance {
  readonly steps: readonly Step[]
  readonly person: { readonly user_id: string; readonly from: ProvenancePart } | null
  readonly decided_by: { readonly user_id: string; readonly approval_status: string } | null
  /** Parts that are nowhere to be found. */
  readonly missing: readonly ProvenancePart[]
}
