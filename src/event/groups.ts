/** Errors of one cause, and what people made of them. */
import type { Range } from './figures.ts'
import type { ErrorQuery } from './query.ts'

/** What a person can say of a group. */
export const GIVEN_STATES = ['open', 'resolved', 'muted'] as const
export type GivenState = (typeof GIVEN_STATES)[number]

/** `regressed`: resolved, and it came again. */
export const GROUP_STATES = [...GIVEN_STATES, 'regressed'] as const
export type GroupState = (typeof GROUP_STATES)[number]

export interface GroupChange {
  readonly state: GivenState
  /** Muted until this time; for good when neither is given. */
  readonly muted_until?: string
  /** Muted until so many more errors have come. */
  readonly muted_until_errors?: number
}

export interface GroupsQuery extends Pick<ErrorQuery, 'filters' | 'start_time' | 'end_time' | 'q'> {
  readonly states?: readonly GroupState[]
  readonly limit: number
  readonly offset: number
}

export interface ErrorGroupRow {
  readonly fingerprint: string
  readonly error_type: string
  /** Of the last one. */
  readonly message: string
  readonly last_id: string
  readonly first_seen: string
  readonly last_seen: string
  readonly count: number
  readonly users: number
  /** The most frequent ones. */
  readonly routes: readonly string[]
  readonly severities: readonly string[]
  /** Errors in equal parts of the time that was looked at, oldest first. */
  readonly trend: readonly number[]
  readonly state: GroupState
  readonly since: string | null
  readonly muted_until: string | null
  readonly muted_until_errors: number | null
}

export interface Groups {
  readonly groups: readonly ErrorGroupRow[]
  readonly total: number
  readonly range: Range
}

export const TREND_PARTS = 12
export const MAX_ROUTES = 5
