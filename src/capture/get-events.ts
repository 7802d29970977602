/** Reading back what was logged, from inside the app. */
import { Fault } from '../event/fault.ts'
import type { FindEvents } from '../event/ports/sink.ts'
import { EVENT_FILTERS, type EventRow, toCursorText } from '../event/query.ts'
import { ANONYMOUS, type Viewer } from '../event/viewer.ts'

type OneOrMore<T> = T | readonly T[]
type Value<Column> = Column extends 'status_code' ? number : string

/** What to look for: each column with the one or several values it may have. An empty list finds nothing. */
export type EventsWanted = { readonly [C in (typeof EVENT_FILTERS)[number]]?: OneOrMore<Value<C>> | undefined } & {
  /** A day in UTC, `2026-11-21`. */
  readonly date?: string | undefined
  /** ISO 8601 or a Date, inclusive. */
  readonly start_time?: string | Date | undefined
  /** ISO 8601 or a Date, exclusive. */
  readonly end_time?: string | Date | undefined
  /** Rows at most: 1 to 1000, default 100. */
  readonly limit?: number | undefined
  /** The last row of the page before, to go on from there. */
  readonly after?: Pick<EventRow, 'id' | 'created_at'> | undefined
}

/** Whose eyes to look with; the same shape as `authenticate` gives. */
export type Eyes = Omit<Viewer, 'tenant_id'> & {
  /** Default `default`. */
  readonly tenant_id?: string | undefined
}

/**
 * Stored events, newest first. What was logged a moment ago is there after `await logging.flush()`.
 * @param as a user sees their own events only. Default: an admin of the tenant `default`, who sees all of it; so pass the
 *   role of whoever asked when the rows are for them
 * @returns rejects with Fault `invalid_request` when it can't be asked like this, `forbidden` for a role that may see nothing,
 *   and `database_unreachable`, `database_slow` or `database_elsewhere`, saying what to do, when the database can't be read
 */
export type GetEvents = (wanted?: EventsWanted, as?: Eyes) => Promise<readonly EventRow[]>

export function createGetEvents(find: FindEvents): GetEvents {
  return async (wanted = {}, as = { role: 'admin' }) => {
    const viewer: Viewer = { ...as, tenant_id: as.tenant_id ?? ANONYMOUS.tenant_id }
    try {
      const asked = toAsked(wanted)
      return EVENT_FILTERS.some((name) => isEmpty(asked[name])) ? [] : await find(viewer, asked)
    } catch (error) {
      throw error instanceof Fault && error.policy === 'retry' ? withAdvice(error) : error
    }
  }
}

/** One of no values is none; the store would leave the filter out. */
const isEmpty = (values: unknown): boolean => Array.isArray(values) && values.length === 0

const withAdvice = (fault: Fault): Fault =>
  new Fault(
    fault.code,
    `getEvents: ${fault.message} What is logged meanwhile waits on disk: ask again when the database is back; DATABASE_URL says which one it is.`,
    { cause: fault },
  )

const MAX_LIMIT = 1000
const OTHERS = ['date', 'start_time', 'end_time', 'limit', 'after']

function toAsked({ after, ...wanted }: EventsWanted): Readonly<Record<string, unknown>> {
  const { limit } = wanted
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT))
    throw toFault(`limit: expected 1 to ${MAX_LIMIT}.`)
  const asked = Object.entries(wanted).map(([name, value]) => [name, toValues(name, value)])
  return { ...Object.fromEntries(asked), ...(after && { cursor: toCursor(after) }) }
}

function toCursor({ id, created_at }: NonNullable<EventsWanted['after']>): string {
  if (!id || !created_at) throw toFault('after: expected a row that getEvents gave.')
  return toCursorText({ id, created_at })
}

function toValues(name: string, value: unknown): unknown {
  if (OTHERS.includes(name) || value === undefined) return value
  // A name that is passed over would give all rows instead of few.
  if (!EVENT_FILTERS.some((known) => known === name)) throw toFault(`${name}: no column that can be asked for.`)
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (!values.every((one) => typeof one === (name === 'status_code' ? 'number' : 'string')))
    throw toFault(`${name}: expected ${name === 'status_code' ? 'numbers' : 'text'}, one or a list.`)
  return values
}

const toFault = (problem: string): Fault => new Fault('invalid_request', `getEvents: ${problem}`)
