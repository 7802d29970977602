/** Waits in a test for an event, as an assertion does: gives it, or throws with what was there instead. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventColumn } from '../event/event.ts'
import type { EventRow } from '../event/query.ts'

/**
 * Columns as they have to be. Of an object only the members that you name are compared; a RegExp is tried on the text, a Date
 * is that moment, and a matcher of Jest or Vitest, such as `expect.any(Number)`, is asked.
 */
export type ExpectedEvent = { readonly [C in EventColumn]?: unknown }

export interface ExpectOptions {
  /** How long to wait for it. Default 30000: the first start makes the embedded database. */
  readonly timeoutMs?: number
}

/** What is asked of an event log; `eventLogging()` gives one. */
export interface Watched {
  flush(timeoutMs?: number): Promise<boolean>
  readonly logger: {
    getEvents(
      wanted: { readonly event_type?: string; readonly limit: number },
      as: { readonly role: 'admin'; readonly tenant_id?: string },
    ): Promise<readonly EventRow[]>
  }
}

const POLL_MS = 50
const LIMIT = 1_000
const DEFAULT_TIMEOUT_MS = 30_000

/**
 * The newest stored event that is as expected.
 * @returns rejects with an Error that shows the nearest event, column by column, when there is none in time
 */
export async function expectEvent(
  logging: Watched,
  expected: ExpectedEvent,
  { timeoutMs = DEFAULT_TIMEOUT_MS }: ExpectOptions = {},
): Promise<EventRow> {
  const end = performance.now() + timeoutMs
  const { event_type, ...others } = expected
  const { tenant_id } = expected
  // Types are stored in capitals and asked for in any spelling, so the database compares this one.
  const type = typeof event_type === 'string' ? event_type : undefined
  const wanted = type === undefined ? expected : others
  const ask = (only: { readonly event_type?: string }) =>
    logging.logger.getEvents(
      { ...only, limit: LIMIT },
      { role: 'admin', ...(typeof tenant_id === 'string' ? { tenant_id } : {}) },
    )
  for (;;) {
    const isStored = await logging.flush(Math.max(0, end - performance.now()))
    const rows = await ask(type === undefined ? {} : { event_type: type })
    const found = rows.find((row) => findDifferences(wanted, row).length === 0)
    if (found) return found
    if (performance.now() + POLL_MS > end)
      throw new Error(toMessage({ expected, wanted, rows, all: await ask({}), timeoutMs, isStored }))
    await sleep(POLL_MS)
  }
}

interface Outcome {
  readonly expected: ExpectedEvent
  readonly wanted: ExpectedEvent
  /** Of the expected type. */
  readonly rows: readonly EventRow[]
  readonly all: readonly EventRow[]
  readonly timeoutMs: number
  readonly isStored: boolean
}

function toMessage({ expected, wanted, rows, all, timeoutMs, isStored }: Outcome): string {
  const distance = (row: EventRow): number => findDifferences(wanted, row).length
  const nearest = rows.toSorted((a, b) => distance(a) - distance(b))[0]
  const parts = [
    `expectEvent: no event was like this within ${timeoutMs} ms.`,
    nearest ? toDiff(nearest, expected, findDifferences(wanted, nearest)) : `Expected ${show(expected)}.`,
    `Stored: ${toCensus(all)}.`,
    isStored ? '' : 'Not everything that was logged is stored yet: logging.stats() says why.',
  ]
  return parts.filter((part) => part !== '').join('\n')
}

/** `- expected`, `+ stored`, and below it what is the same. */
function toDiff(row: EventRow, expected: ExpectedEvent, differences: readonly Difference[]): string {
  const lines = differences.flatMap(({ path, expected, stored }) => [
    `  - ${path}: ${show(expected)}`,
    `  + ${path}: ${show(stored)}`,
  ])
  const differing = new Set(differences.map(({ path }) => path.split(/[.[]/)[0]))
  const same = Object.keys(expected).filter((name) => !differing.has(name))
  const rest = same.map((name) => `    ${name}: ${show(row[name as EventColumn])}`)
  return [`The nearest one, ${row.id} (- expected, + stored):`, ...lines, ...rest].join('\n')
}

function toCensus(rows: readonly EventRow[]): string {
  const counts = Object.entries(Object.groupBy(rows, ({ event_type }) => event_type ?? ''))
  return counts.map(([type, of]) => `${of?.length} × ${type}`).join(', ') || 'nothing'
}

interface Difference {
  readonly path: string
  readonly expected: unknown
  readonly stored: unknown
}

const findDifferences = (expected: ExpectedEvent, row: EventRow): Difference[] =>
  Object.entries(expected).flatMap(([name, value]) => compare(name, value, row[name as EventColumn]))

function compare(path: string, expected: unknown, stored: unknown): Difference[] {
  const difference = { path, expected, stored }
  // Not test(): with the flags g and y that goes on in this event where it ended in the one before.
  if (expected instanceof RegExp) return typeof stored === 'string' && stored.search(expected) >= 0 ? [] : [difference]
  if (isMatcher(expected)) return expected.asymmetricMatch(stored) ? [] : [difference]
  // Times are stored as text, of one moment in more than one form.
  if (expected instanceof Date)
    return typeof stored === 'string' && Date.parse(stored) === expected.getTime() ? [] : [difference]
  if (Array.isArray(expected)) {
    if (!Array.isArray(stored) || stored.length !== expected.length) return [difference]
    return expected.flatMap((item, at) => compare(`${path}[${at}]`, item, stored[at]))
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof stored !== 'object' || stored === null) return [difference]
    return Object.entries(expected).flatMap(([name, value]) =>
      compare(`${path}.${name}`, value, Reflect.get(stored, name)),
    )
  }
  return Object.is(expected, stored) || (expected ?? undefined) === (stored ?? undefined) ? [] : [difference]
}

const isMatcher = (value: unknown): value is { asymmetricMatch(stored: unknown): boolean } =>
  typeof value === 'object' &&
  value !== null &&
  'asymmetricMatch' in value &&
  typeof value.asymmetricMatch === 'function'

const show = (value: unknown): string =>
  value === undefined
    ? 'nothing'
    : (JSON.stringify(value, (_, inner) => (inner instanceof RegExp ? String(inner) : inner)) ?? String(value))
