/** What was asked over HTTP, after the contract has checked it → what the store is asked. */
import type { EventColumn } from '../event/event.ts'
import { Fault } from '../event/fault.ts'
import type { TimelineQuery } from '../event/figures.ts'
import {
  ERROR_FILTERS,
  type ErrorQuery,
  EVENT_FILTERS,
  EVENT_LEAST,
  type EventQuery,
  type Order,
  parseCursor,
} from '../event/query.ts'
import { toStored } from '../event/stored.ts'
import { toIso, toMicros } from '../event/time.ts'
import { toDayOf } from '../event/zone.ts'
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
  const least = toNumbers(Object.keys(EVENT_LEAST), values)
  const asked = { ...toSpan(values), ...toTexts(['q'], values) }
  const date = toText(values.date) ?? null
  return {
    query: {
      filters,
      ...(Object.keys(least).length > 0 && { least }),
      ...asked,
      ...toPageQuery(values),
      ...toFields(values),
    },
    date,
    filters_applied: { ...toTexts(['date', 'tz'], values), ...asked, ...least, ...filters } as EventFilters,
  }
}

export function toErrorQuery(values: Values): Asked<ErrorQuery, ErrorFilters> {
  const filters = toFilters(ERROR_FILTERS, values)
  const asked = { ...toSpan(values), ...toTexts(['q'], values) }
  return {
    query: { filters, ...asked, ...toPageQuery(values) },
    date: null,
    filters_applied: { ...asked, ...filters } as ErrorFilters,
  }
}

/** After `toEventQuery`, which refuses what is no zone. */
export function toTimelineQuery(values: Values): TimelineQuery {
  const { tz, ...asked } = toTexts(['interval', 'tz', 'by'], values)
  return { ...asked, ...(tz !== undefined && { tz: toStoreZone(tz) }) } as TimelineQuery
}

/**
 * Postgres reads an offset as POSIX has it, where `-05:00` is east of Greenwich, and knows other short names, such as IST:
 * what Intl takes each for is a name of both.
 */
function toStoreZone(tz: string): string {
  const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: tz }).resolvedOptions()
  return timeZone.replace(/^[+-]/, (sign) => (sign === '+' ? '-' : '+'))
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

interface Span {
  start_time?: string
  end_time?: string
}

/** The time from the later start to the earlier end. */
export function toSpan(values: Values): Span {
  const day = toDaySpan(toText(values.date), toText(values.tz))
  const start = Math.max(day.start, toTime('start_time', values.start_time) ?? FIRST_MICROS)
  const end = Math.min(day.end, toTime('end_time', values.end_time) ?? LAST_MICROS)
  return {
    // Who names the beginning of time asks for all that is kept, and who names none for what is kept as a rule.
    ...((start > FIRST_MICROS || values.start_time !== undefined) && { start_time: toIso(start) }),
    ...(end < LAST_MICROS && { end_time: toIso(end) }),
  }
}

function toDaySpan(date: string | undefined, tz: string | undefined): { start: number; end: number } {
  if (tz !== undefined) checkZone(tz)
  const utc = date && toTime('date', `${date}T00:00:00Z`)
  if (date === undefined || typeof utc !== 'number') return { start: FIRST_MICROS, end: LAST_MICROS }
  if (tz === undefined || utc === FIRST_MICROS || utc === LAST_MICROS) return { start: utc, end: utc + DAY_MICROS }
  const { start, end } = toDayOf(date, tz)
  return { start: start * 1000, end: end * 1000 }
}

function checkZone(tz: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: tz })
  } catch {
    throw new Fault('invalid_request', 'tz: there is no such time zone; give one such as Europe/Berlin.')
  }
}

function toTime(name: string, given: unknown): number | undefined {
  if (given === undefined) return undefined
  const micros = toMicros(given)
  if (micros === undefined)
    throw new Fault('invalid_request', `${name}: it must be a time such as 2026-11-21T10:00:00Z.`)
  return Math.min(Math.max(micros, FIRST_MICROS), LAST_MICROS)
}

export function toPageQuery(values: Values): Pick<EventQuery, 'limit' | 'cursor' | 'offset' | 'order'> {
  const { limit = DEFAULT_LIMIT, offset } = toNumbers(['limit', 'offset'], values)
  const { cursor, order } = toTexts(['cursor', 'order'], values)
  if (cursor !== undefined && offset !== undefined)
    throw new Fault('invalid_request', 'offset: leave it out where there is a cursor.')
  return {
    limit,
    ...(offset !== undefined && { offset }),
    ...(order !== undefined && { order: order as Order }),
    ...(cursor !== undefined && { cursor: parseCursor(cursor) }),
  }
}

/** What a row is known by is always given. */
const ALWAYS: readonly EventColumn[] = ['id', 'created_at', 'event_type']

function toFields({ fields }: Values): Pick<EventQuery, 'fields'> {
  if (!Array.isArray(fields)) return {}
  const columns = fields.filter((name) => name !== 'timestamp' && name !== 'system_event')
  return { fields: [...new Set([...ALWAYS, ...columns])] }
}

const toText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

type Named<Name extends string, Value> = { [N in Name]?: Value }

const toTexts = <Name extends string>(names: readonly Name[], values: Values): Named<Name, string> =>
  pick(names, (name) => toText(values[name]))

/** What the contract calls a number; `getEvents` gives numbers too. */
const toNumbers = <Name extends string>(names: readonly Name[], values: Values): Named<Name, number> =>
  pick(names, (name) => (typeof values[name] === 'number' ? values[name] : undefined))

function pick<Name extends string, Value>(
  names: readonly Name[],
  read: (name: Name) => Value | undefined,
): Named<Name, Value> {
  const found: Named<Name, Value> = {}
  for (const name of names) {
    const value = read(name)
    if (value !== undefined) found[name] = value
  }
  return found
}
