/** What can be asked of the store, independent of HTTP and SQL. */
import type { ErrorColumn, EventColumn, EventFields } from './event.ts'
import { Fault } from './fault.ts'
import { isUuid } from './id.ts'
import { toIso, toMicros } from './time.ts'

/** Columns that can be asked for by value, each with one or several values. */
export const EVENT_FILTERS = [
  'event_type',
  'category',
  'status',
  'severity',
  'user_id',
  'agent_id',
  'session_id',
  'project_id',
  'run_id',
  'trace_id',
  'tool_name',
  'approval_status',
  'error_code',
  'route',
  'method',
  'status_code',
  'country',
] as const satisfies readonly EventColumn[]

export const ERROR_FILTERS = [
  'trace_id',
  'error_type',
  'severity',
  'user_id',
  'project_id',
  'run_id',
  'session_id',
  'fingerprint',
] as const satisfies readonly ErrorColumn[]

/** Least values, each with the column that has to reach it. */
export const EVENT_LEAST = {
  min_duration_ms: 'duration_ms',
  min_risk: 'risk_score',
} as const satisfies Record<string, EventColumn>

/** Columns in which `q` finds words. */
export const EVENT_WORDS = ['action_description', 'comments', 'payload'] as const satisfies readonly EventColumn[]
export const ERROR_WORDS = ['error_type', 'message'] as const satisfies readonly ErrorColumn[]

export type FilterValues<Name extends string> = { readonly [N in Name]?: readonly (string | number)[] }

/** Newest or oldest first. */
export const ORDERS = ['desc', 'asc'] as const
export type Order = (typeof ORDERS)[number]

interface Narrowed {
  /** ISO 8601, inclusive. */
  readonly start_time?: string
  /** ISO 8601, exclusive. */
  readonly end_time?: string
  /** Words that all occur in a row, as people type them into a search box. */
  readonly q?: string
}

interface Paged extends Narrowed {
  readonly limit: number
  readonly cursor?: Cursor
  /** Rows to pass over; at most `MAX_OFFSET`, since each of them is read. */
  readonly offset?: number
  /** `desc` when left out. */
  readonly order?: Order
}

/** Which events. */
export interface EventSelection extends Narrowed {
  /** All events of this project, where the viewer is a member of it; else those of them that are theirs. */
  readonly ofProject?: string
  readonly filters: FilterValues<(typeof EVENT_FILTERS)[number]>
  readonly least?: { readonly [Name in keyof typeof EVENT_LEAST]?: number }
}

export interface EventQuery extends Paged, EventSelection {
  /** Columns to give; all when left out. */
  readonly fields?: readonly EventColumn[]
}

/** What of a query says which rows are meant. */
export type Asked = Pick<EventQuery, 'filters' | 'start_time' | 'end_time' | 'least'>

export interface ErrorQuery extends Paged {
  readonly filters: FilterValues<(typeof ERROR_FILTERS)[number]>
}

export const MAX_OFFSET = 10_000

/** A search for words looks at so many rows that match all else, and no further. */
export const WORDS_CAP = 50_000

/** The place after a row, or with `back` the place before it, in the order that is asked for. */
export interface Cursor {
  readonly created_at: string
  readonly id: string
  readonly back?: true
}

/** A row as the API shows it: the set columns, `timestamp` for `created_at`, and `system_event`. */
export type EventRow = EventFields & { readonly timestamp: string; readonly system_event: true }

export interface Page<Row> {
  readonly rows: readonly Row[]
  /** Rows that match. */
  readonly total: number
  /** `total` is what the database expects, or as far as was looked. */
  readonly isEstimate: boolean
  readonly next?: Cursor
  readonly previous?: Cursor
}

/** Up to this many rows are counted; more are estimated. */
export const TOTAL_CAP = 10_000

export const toCursorText = (cursor: Cursor): string =>
  Buffer.from(`${cursor.created_at} ${cursor.id}${cursor.back ? BACK : ''}`).toString('base64url')

const BACK = ' back'

/** Throws Fault `invalid_request` for text that `toCursorText` did not make. */
export function parseCursor(text: string): Cursor {
  const decoded = Buffer.from(text, 'base64url').toString('utf8')
  const [created_at = '', id = ''] = decoded.split(' ')
  const cursor: Cursor = { created_at, id, ...(decoded.endsWith(BACK) && { back: true }) }
  const micros = toMicros(created_at)
  // Written again it must be the same: decoding passes over much, and the database knows no year 0.
  const isOurs = micros !== undefined && micros >= 0 && toIso(micros) === created_at && isUuid(id)
  if (isOurs && toCursorText(cursor) === text) return cursor
  throw new Fault('invalid_request', 'cursor: not one that this API gave; ask again without it.')
}
