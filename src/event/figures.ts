/** Numbers about events: what the store counts, and over which time. */
import type { EventColumn } from './event.ts'
import type { EventSelection } from './query.ts'

/** The time that was looked at; without an end it goes on. */
export interface Range {
  readonly start_time: string | null
  readonly end_time: string | null
}

export type Counts = Readonly<Record<string, number>>

export interface Spread {
  readonly average: number | null
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
}

/** Columns by whose values events are counted, under the name of each count. */
export const COUNTED = {
  by_type: 'event_type',
  by_status: 'status',
  by_category: 'category',
  by_agent: 'agent_id',
  by_tool: 'tool_name',
  by_user: 'user_id',
  by_route: 'route',
  by_country: 'country',
} as const satisfies Record<string, EventColumn>

/** Of each column the values with the most events, so many of them. */
export const COUNTED_VALUES = 100

/** How fresh numbers are, and how far from the truth they may be; totals are exact. */
export interface Precision {
  /** All that the database held then is counted. */
  readonly fresh_to: string
  readonly is_approximate: boolean
  /** Share of the truth by which percentiles may be off. */
  readonly duration_ms: number
  readonly duration_ms_by_route: number
  /** The same of the number of users, in 997 of 1000 cases. */
  readonly unique_users: number
  /** Under the name of a count: events that one of its values may lack. */
  readonly lacking: Counts
}

export type EventStats = { readonly [Name in keyof typeof COUNTED]: Counts } & {
  readonly total: number
  readonly unique_users: number
  readonly duration_ms: Spread
  /** The slowest by their 95th percentile, as many as a count has values. */
  readonly duration_ms_by_route: Readonly<Record<string, Spread>>
  readonly range: Range
  readonly precision: Precision
}

export const INTERVALS = ['minute', 'hour', 'day'] as const
export type Interval = (typeof INTERVALS)[number]

/** Columns by which a timeline can be divided. */
export const DIVIDED_BY = ['event_type', 'category', 'status', 'severity', 'agent_id', 'tool_name'] as const

export interface TimelineQuery {
  readonly interval?: Interval
  /** A time zone for the beginnings of days; UTC when left out. */
  readonly tz?: string
  readonly by?: (typeof DIVIDED_BY)[number]
}

export interface Bucket {
  readonly start_time: string
  readonly total: number
  readonly failures: number
  /** By value of the column that divides it; empty when none does. */
  readonly counts: Counts
}

export interface Timeline {
  readonly interval: Interval
  readonly range: Range
  readonly precision: Precision
  readonly buckets: readonly Bucket[]
}

export const MAX_BUCKETS = 1_000

export interface AnalyticsQuery extends EventSelection {
  readonly ofProject: string
  readonly timeline: TimelineQuery
}

export interface Analytics {
  readonly stats: EventStats
  readonly timeline: Timeline
  readonly approvals: {
    readonly asked: number
    readonly granted: number
    readonly denied: number
    readonly expired: number
    /** From the question to the answer of a person. */
    readonly wait_ms: Spread
  }
  readonly errors: { readonly total: number; readonly failed_events: number }
  readonly usage: {
    readonly input_tokens: number
    readonly output_tokens: number
    readonly cost: number
    readonly by_model: readonly {
      readonly model: string
      readonly calls: number
      readonly input_tokens: number
      readonly output_tokens: number
      readonly cost: number
    }[]
  }
}
