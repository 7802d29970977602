/** What was asked over HTTP, after the contract has checked it → what the store is asked. */
import { Fault } from '../event/fault.ts'
import { ERROR_FILTERS, type ErrorQuery, EVENT_FILTERS, type EventQuery, parseCursor } from '../event/query.ts'
import { toIso, toMicros } from '../event/time.ts'
import { normaliseTraceId } from '../event/trace.ts'
import { toEventType } from '../event/types.ts'
import type { ErrorFilters, EventFilters } from './contract.generated.ts'

type Values = Readonly<Record<string, unknown>>

export interface Asked<Query, Filters> {
  readonly query: Query
  readonly date: string | null
  /** What of it narrows the answer, as it was understood. */
  readonly filters_applied: Filters
}

const DEFAULT_LIMIT = 100
const DAY_MICROS = 86_400_000_000
// Beyond these, microseconds are no longer exact and Postgres writes years otherwise; no event is there.
const FIRST_MICROS = 0
const LAST_MICROS = 7_258_118_400_000_000

export function toEventQuery(values: Values): Asked<EventQuery, EventFilters> {
  const filters = toFilters(EVENT_FILTERS, values)
  const span = toSpan(values)
  const date = toText(values.date) ?? null
  return {
    query: { filters, ...span, ...toPage(values) },
    date,
    filters_applied: { ...(date === null ? {} : { date }), ...span, ...filters } as EventFilters,
  }
}

export function toErrorQuery(values: Values): Asked<ErrorQuery, ErrorFilters> {
  const filters = toFilters(ERROR_FILTERS, values)
  const span = toSpan(values)
  return {
    query: { filters, ...span, ...toPage(values) },
    date: null,
    filters_applied: { ...span, ...filters } as ErrorFilters,
  }
}

type Filters<Name extends string> = { [N in Name]?: readonly (string | number)[] }

function toFilters<Name extends string>(names: readonly Name[], values: Values): Filters<Name> {
  const filters: Filters<Name> = {}
  for (const name of names) {
    const given = values[name]
    if (Array.isArray(given)) filters[name] = [...new Set(given.map((value) => toStored(name, value)))]
  }
  return filters
}

/** People write some values in several ways; the store keeps one. */
function toStored(name: string, value: string | number): string | number {
  if (typeof value === 'number') return value
  if (name === 'event_type') return toEventType(value)
  if (name === 'method') return value.toUpperCase()
  if (name !== 'trace_id') return value
  const id = normaliseTraceId(value)
  if (!id) throw new Fault('invalid_request', 'trace_id: it must be 32 hex digits or a UUID, not all zeros.')
  return id
}

interface Span {
  start_time?: string
  end_time?: string
}

/** The time from the later start to the earlier end. */
function toSpan(values: Values): Span {
  const day = toTime('date', values.date === undefined ? undefined : `${values.date}T00:00:00Z`)
  const start = Math.max(day ?? FIRST_MICROS, toTime('start_time', values.start_time) ?? FIRST_MICROS)
  const end = Math.min(
    day === undefined ? LAST_MICROS : day + DAY_MICROS,
    toTime('end_time', values.end_time) ?? LAST_MICROS,
  )
  return {
    ...(start > FIRST_MICROS && { start_time: toIso(start) }),
    ...(end < LAST_MICROS && { end_time: toIso(end) }),
  }
}

function toTime(name: string, given: unknown): number | undefined {
  if (given === undefined) return undefined
  const micros = toMicros(given)
  if (micros === undefined)
    throw new Fault('invalid_request', `${name}: it must be a time such as 2026-11-21T10:00:00Z.`)
  return Math.min(Math.max(micros, FIRST_MICROS), LAST_MICROS)
}

function toPage(values: Values): Pick<EventQuery, 'limit' | 'cursor'> {
  const limit = typeof values.limit === 'number' ? values.limit : DEFAULT_LIMIT
  const cursor = toText(values.cursor)
  return cursor === undefined ? { limit } : { limit, cursor: parseCursor(cursor) }
}

const toText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
