/** The house behind the API, in memory: arrays that obey the viewer's scope. */
import { createTelemetry } from '../../src/capture/otel/telemetry.ts'
import { createOtlpIntake } from '../../src/capture/otlp/intake.ts'
import type { Draft, ErrorDraft, ErrorEvent, ErrorFields, Event } from '../../src/event/event.ts'
import { Fault } from '../../src/event/fault.ts'
import { toEventId } from '../../src/event/id.ts'
import type { ApiParts, DrainState, EventReader, KeyRow, KeyStore, Sink } from '../../src/event/ports.ts'
import type { Cursor, ErrorQuery, EventQuery, EventRow, EventStats, Page } from '../../src/event/query.ts'
import { createClock, toIso, toMicros } from '../../src/event/time.ts'
import { toEventType } from '../../src/event/types.ts'
import { toScope, type Viewer } from '../../src/event/viewer.ts'

export interface MemoryParts extends ApiParts {
  readonly events: EventReader
  readonly rows: EventRow[]
  readonly errorRows: ErrorFields[]
  readonly drafts: Draft[]
  readonly errorDrafts: ErrorDraft[]
  /** Keys that were checked, kept apart from what callers send. */
  readonly keyChecks: Draft[]
  /** Makes everything that needs the database fail like a database that is away. */
  setDatabaseUp(isUp: boolean): void
  /** How many more events the sink takes. */
  setRoom(events: number): void
  setDrain(state: DrainState): void
}

export const ADMIN_KEY = 'the-admin-key-of-these-tests'
export const ALICE_KEY = 'key-of-alice-0123456789'

export function createMemoryParts(): MemoryParts {
  const rows: EventRow[] = []
  const errorRows: ErrorFields[] = []
  const drafts: Draft[] = []
  const errorDrafts: ErrorDraft[] = []
  const keyChecks: Draft[] = []
  const clock = createClock()
  let isUp = true
  let room = Number.POSITIVE_INFINITY
  let shed = 0
  let drain: DrainState = 'idle'

  const whenUp = async <T>(work: () => T): Promise<T> => {
    if (isUp) return work()
    throw new Fault('database_unreachable', "The database can't be used now: connect ECONNREFUSED 10.1.2.3:5432.")
  }

  const sink: Sink = {
    identify: () => toIdentity(clock()),
    event(draft) {
      if (draft.event_type === 'AUTH_API_KEY') {
        keyChecks.push(draft)
        return undefined
      }
      if (drafts.length >= room) {
        shed++
        return undefined
      }
      drafts.push(draft)
      const { id, created_at } = toIdentity(toMicros(draft.created_at) ?? clock())
      const { idempotency_key: _, timestamp: __, ...columns } = draft
      const row = { ...columns, id, created_at, timestamp: created_at, event_type: toEventType(draft.event_type) }
      rows.push({ ...row, system_event: true } as EventRow)
      return row as unknown as Event
    },
    error(draft) {
      if (errorDrafts.length >= room) return undefined
      errorDrafts.push(draft)
      return toIdentity(clock()) as ErrorEvent
    },
    refuse: () => void shed++,
  }

  return {
    rows,
    errorRows,
    drafts,
    errorDrafts,
    keyChecks,
    setDatabaseUp: (up) => {
      isUp = up
    },
    setRoom: (events) => {
      room = events
    },
    setDrain: (state) => {
      drain = state
    },
    sink,
    otlp: createOtlpIntake(createTelemetry(sink)),
    eventTypes: new Map([['DEPLOY_STARTED', { category: 'workflow', description: 'A deployment started' }]]),
    keys: createKeys(whenUp),
    events: {
      find: (viewer, query) => whenUp(() => toPage(select(rows, viewer, query), query)),
      get: (viewer, id) => whenUp(() => own(rows, viewer).find((row) => row.id === id)),
      stats: (viewer, query) => whenUp(() => toStats(select(rows, viewer, query))),
      types: (viewer) => whenUp(() => new Map(Object.entries(countBy(own(rows, viewer), 'event_type')))),
    },
    errors: {
      find: (viewer, query) => whenUp(() => toPage(select(errorRows, viewer, query), query)),
      get: (viewer, id) => whenUp(() => own(errorRows, viewer).find((row) => row.id === id)),
    },
    health: () => ({
      spool: { offered: drafts.length + shed, appended: drafts.length, shed, bytes: 0, last_fault: null },
      drain: {
        state: drain,
        stored: rows.length,
        own: rows.length,
        quarantined: 0,
        waiting_bytes: 0,
        oldest_waiting: null,
        batch_ms: 0,
        reason: null,
      },
      waiting: 0,
      lag_ms: 0,
      tally: { requests: 0, request_errors: 0, request_ms: 0, failed_logins: 0 },
    }),
    ping: () => whenUp(() => undefined),
  }
}

const toIdentity = (micros: number) => ({ id: toEventId(micros), created_at: toIso(micros) })

function createKeys(whenUp: <T>(work: () => T) => Promise<T>): KeyStore {
  const viewers = new Map<string, Viewer>([[ALICE_KEY, { role: 'user', tenant_id: 'default', user_id: 'alice' }]])
  return {
    verify: (key) => whenUp(() => viewers.get(key)),
    create: (viewer, { role, user_id, label }) =>
      whenUp(() => {
        const key = `made-${viewers.size}-0123456789`
        const owner = { role, ...(user_id !== undefined && { user_id }) }
        viewers.set(key, { ...owner, tenant_id: viewer.tenant_id })
        const row: KeyRow = { ...owner, ...(label !== undefined && { label }), ...toIdentity(Date.now() * 1000) }
        return { ...row, key }
      }),
  }
}

type Row = EventRow | ErrorFields
type Named = Readonly<Record<string, unknown>>

function own<R extends Row>(rows: readonly R[], viewer: Viewer): R[] {
  const scope = Object.entries(toScope(viewer))
  return rows.filter((row) => scope.every(([name, value]) => (row as Named)[name] === value))
}

function select<R extends Row>(rows: readonly R[], viewer: Viewer, query: EventQuery | ErrorQuery): R[] {
  const filters = Object.entries(query.filters) as [string, readonly unknown[]][]
  const { start_time = '', end_time = '~' } = query
  return own(rows, viewer)
    .filter((row) => filters.every(([name, values]) => values.includes((row as Named)[name])))
    .filter(({ created_at = '' }) => created_at >= start_time && created_at < end_time)
    .sort((a, b) => (toPlace(a) < toPlace(b) ? 1 : -1))
}

const toPlace = ({ created_at, id }: { created_at?: string; id?: string }): string => `${created_at} ${id}`

function toPage<R extends Row>(all: readonly R[], { limit, cursor }: { limit: number; cursor?: Cursor }): Page<R> {
  const after = cursor ? all.filter((row) => toPlace(row) < toPlace(cursor)) : all
  const rows = after.slice(0, limit)
  const last = after.length > limit ? rows.at(-1) : undefined
  const next = last?.id && last.created_at ? { created_at: last.created_at, id: last.id } : undefined
  return { rows, total: all.length, ...(next && { next }) }
}

function countBy(rows: readonly EventRow[], column: 'event_type' | 'status'): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const row of rows) if (row[column]) counts[row[column]] = (counts[row[column]] ?? 0) + 1
  return counts
}

function toStats(rows: readonly EventRow[]): EventStats {
  const users = new Set(rows.flatMap((row) => row.user_id ?? []))
  const duration_ms = { average: null, p50: null, p95: null, p99: null }
  const [by_type, by_status] = [countBy(rows, 'event_type'), countBy(rows, 'status')]
  return { total: rows.length, by_type, by_status, unique_users: users.size, duration_ms }
}
