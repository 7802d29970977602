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
] as const satisfies readonly EventColumn[]

export const ERROR_FILTERS = [
  'trace_id',
  'error_type',
  'severity',
  'user_id',
  'project_id',
  'run_id',
  'session_id',
] as const satisfies readonly ErrorColumn[]

export type FilterValues<Name extends string> = { readonly [N in Name]?: readonly (string | number)[] }

interface Paged {
  /** ISO 8601, inclusive. */
  readonly start_time?: string
  /** ISO 8601, exclusive. */
  readonly end_time?: string
  readonly limit: number
  readonly cursor?: Cursor
}

export interface EventQuery extends Paged {
  readonly filters: FilterValues<(typeof EVENT_FILTERS)[number]>
}

export interface ErrorQuery extends Paged {
  readonly filters: FilterValues<(typeof ERROR_FILTERS)[number]>
}

/** The place after a row, newest first. */
export interface Cursor {
  readonly created_at: string
  readonly id: string
}

/** A row as the API shows it: the set columns, `timestamp` for `created_at`, and `system_event`. */
export type EventRow = EventFields & { readonly timestamp: string; readonly system_event: true }

export interface Page<Row> {
  readonly rows: readonly Row[]
  /** Rows that match, counted up to `TOTAL_CAP`. */
  readonly total: number
  readonly next?: Cursor
}

/** Totals beyond this are given as this. */
export const TOTAL_CAP = 10_000

export interface EventStats {
  readonly total: number
  readonly by_type: Readonly<Record<string, number>>
  readonly by_status: Readonly<Record<string, number>>
  readonly unique_users: number
  readonly duration_ms: {
    readonly average: number | null
    readonly p50: number | null
    readonly p95: number | null
    readonly p99: number | null
  }
}

export const toCursorText = (cursor: Cursor): string =>
  Buffer.from(`${cursor.created_at} ${cursor.id}`).toString('base64url')

/** Throws Fault `invalid_request` for text that `toCursorText` did not make. */
export function parseCursor(text: string): Cursor {
  const [created_at = '', id = ''] = Buffer.from(text, 'base64url').toString('utf8').split(' ')
  const micros = toMicros(created_at)
  // Written again it must be the same: decoding passes over much, and the database knows no year 0.
  const isOurs = micros !== undefined && micros >= 0 && toIso(micros) === created_at && isUuid(id)
  if (isOurs && toCursorText({ created_at, id }) === text) return { created_at, id }
  throw new Fault('invalid_request', 'cursor: not one that this API gave; ask again without it.')
}
