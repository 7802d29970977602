/** The house behind the API, in memory: arrays that obey the viewer's scope. */
import { createTelemetry } from '../../src/capture/otel/telemetry.ts'
import { createOtlpIntake } from '../../src/capture/otlp/intake.ts'
import type { Draft, ErrorDraft, ErrorEvent, ErrorFields, Event } from '../../src/event/event.ts'
import { Fault } from '../../src/event/fault.ts'
import type { Counts, EventStats } from '../../src/event/figures.ts'
import { toEventId } from '../../src/event/id.ts'
import type { KeyRow, KeyStore, Member, MemberStore, TokenSecrets } from '../../src/event/ports/access.ts'
import type { ApiParts } from '../../src/event/ports/api.ts'
import type { DrainState } from '../../src/event/ports/drain.ts'
import type { EventReader } from '../../src/event/ports/readers.ts'
import type { Sink } from '../../src/event/ports/sink.ts'
import type { Cursor, ErrorQuery, EventRow, EventSelection, Page } from '../../src/event/query.ts'
import { createClock, toIso, toMicros } from '../../src/event/time.ts'
import { toEventType } from '../../src/event/types.ts'
import { toScope, type Viewer } from '../../src/event/viewer.ts'
import { createLiveParts } from './live-parts.ts'
import { createMemoryRetention } from './retention-parts.ts'

export interface MemoryParts extends ApiParts {
  readonly events: EventReader
  readonly rows: EventRow[]
  readonly errorRows: ErrorFields[]
  readonly drafts: Draft[]
  readonly errorDrafts: ErrorDraft[]
  /** Keys that were checked and viewers who were refused, kept apart from what callers send. */
  readonly keyChecks: Draft[]
  /** What admins and auditors have read, likewise. */
  readonly reads: Draft[]
  /** Of each read: whether its caller has left. */
  readonly signals: AbortSignal[]
  /** Makes everything that needs the database fail like a database that is away. */
  setDatabaseUp(isUp: boolean): void
  /** How many more events the sink takes. */
  setRoom(events: number): void
  setDrain(state: DrainState): void
  revoke(key: string): void
}

export const ADMIN_KEY = 'the-admin-key-of-these-tests'
export const ALICE_KEY = 'key-of-alice-0123456789'
export const AUDITOR_KEY = 'key-of-the-auditor-0123456789'
export const INGEST_KEY = 'key-of-the-collector-0123456789'
/** Of the one key that can be rotated and revoked. */
export const KEY_ID = '3f9c2a1b7d5e8046'

export function createMemoryParts(): MemoryParts {
  const rows: EventRow[] = []
  const errorRows: ErrorFields[] = []
  const drafts: Draft[] = []
  const errorDrafts: ErrorDraft[] = []
  const keyChecks: Draft[] = []
  const reads: Draft[] = []
  const signals: AbortSignal[] = []
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
    request: () => undefined,
    event(draft) {
      if (draft.event_type === 'AUTH_API_KEY' || draft.event_type === 'AUTH_FAILURE') {
        keyChecks.push(draft)
        return undefined
      }
      if (draft.event_type === 'LOG_READ') {
        reads.push(draft)
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
      live.ring()
      return row as unknown as Event
    },
    error(draft) {
      if (errorDrafts.length >= room) return undefined
      errorDrafts.push(draft)
      return toIdentity(clock()) as ErrorEvent
    },
    refuse: () => void shed++,
  }

  const viewers = new Map<string, Viewer>([
    [ALICE_KEY, { role: 'user', tenant_id: 'default', user_id: 'alice' }],
    [AUDITOR_KEY, { role: 'auditor', tenant_id: 'default', key_id: 'of-the-auditor' }],
    [INGEST_KEY, { role: 'ingest', tenant_id: 'default', key_id: 'of-the-collector' }],
  ])
  const membersOf = new Map<string, Member>()
  const live = createLiveParts(rows, whenUp, ({ project_id, user_id }) => membersOf.has(`${project_id} ${user_id}`))

  return {
    rows,
    errorRows,
    drafts,
    errorDrafts,
    keyChecks,
    reads,
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
    keys: createKeys(viewers, whenUp),
    retention: createMemoryRetention(whenUp),
    members: createMembers(membersOf, whenUp),
    tokenSecrets: createSecrets(whenUp),
    revoke: (key) => void viewers.delete(key),
    events: {
      find: (viewer, query) => whenUp(() => toPage(select(rows, viewer, query), query)),
      get: (viewer, id) => whenUp(() => own(rows, viewer).find((row) => row.id === id)),
      stats: (viewer, query) => whenUp(() => toStats(select(rows, viewer, query))),
      analytics: () =>
        whenUp(() => ({
          stats: toStats([]),
          timeline: { interval: 'day' as const, range: ALWAYS, precision: EXACT, buckets: [] },
          approvals: { asked: 0, granted: 0, denied: 0, expired: 0, wait_ms: toStats([]).duration_ms },
          errors: { total: 0, failed_events: 0 },
          usage: { input_tokens: 0, output_tokens: 0, cost: 0, by_model: [] },
        })),
      timeline: () => whenUp(() => ({ interval: 'day', range: ALWAYS, precision: EXACT, buckets: [] })),
      types: (viewer) => whenUp(() => new Map(Object.entries(countBy(own(rows, viewer), 'event_type')))),
    },
    ...live,
    errors: {
      find: (viewer, query) => whenUp(() => toPage(select(errorRows, viewer, query), query)),
      get: (viewer, id) => whenUp(() => own(errorRows, viewer).find((row) => row.id === id)),
    },
    errorGroups: {
      find: () => whenUp(() => ({ groups: [], total: 0, range: ALWAYS })),
      change: () => whenUp(() => undefined),
    },
    stories: {
      story: (viewer) => whenUp(() => toPage(own(rows, viewer), { limit: 100 })),
      trace: () => whenUp(() => undefined),
      provenance: () => whenUp(() => undefined),
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
      caches: {},
    }),
    whileAsked: (signal, work) => {
      signals.push(signal)
      return work()
    },
    signals,
    ping: () => whenUp(() => undefined),
  }
}

const toIdentity = (micros: number) => ({ id: toEventId(micros), created_at: toIso(micros) })

type WhenUp = <T>(work: () => T) => Promise<T>

function createMembers(members: Map<string, Member>, whenUp: WhenUp): MemberStore {
  const since = '2026-11-21T10:05:00.123Z'
  return {
    list: (_, project_id) =>
      whenUp(() => [...members].filter(([name]) => name.startsWith(`${project_id} `)).map(([, member]) => member)),
    add: (_, project_id, user_id) =>
      whenUp(() => {
        members.set(`${project_id} ${user_id}`, { user_id, since })
        return { user_id, since }
      }),
    remove: (_, project_id, user_id) => whenUp(() => members.delete(`${project_id} ${user_id}`)),
  }
}

function createSecrets(whenUp: WhenUp): TokenSecrets {
  const secrets = new Map<string, string>()
  let made = 0
  const make = (tenant_id: string): string => {
    const secret = secrets.get(tenant_id) ?? `secret ${++made}`
    secrets.set(tenant_id, secret)
    return secret
  }
  return {
    find: (tenant_id) => whenUp(() => secrets.get(tenant_id)),
    make: (tenant_id) => whenUp(() => make(tenant_id)),
    renew: (tenant_id) =>
      whenUp(() => {
        secrets.delete(tenant_id)
        make(tenant_id)
      }),
  }
}

function createKeys(viewers: Map<string, Viewer>, whenUp: WhenUp): KeyStore {
  const row = { id: KEY_ID, role: 'ingest', created_at: '2026-11-21T10:05:00.123Z' } as const
  return {
    list: () => whenUp(() => [row]),
    rotate: (_, id) => whenUp(() => (id === KEY_ID ? { ...row, key: 'another-text' } : undefined)),
    revoke: (_, id) => whenUp(() => (id === KEY_ID ? { ...row, revoked_at: row.created_at } : undefined)),
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
  // Members and hidden columns are the store's, and tried there.
  const { hides: _, or_member: __, ...columns } = toScope(viewer)
  const scope = Object.entries(columns)
  return rows.filter((row) => scope.every(([name, value]) => (row as Named)[name] === value))
}

function select<R extends Row>(rows: readonly R[], viewer: Viewer, query: EventSelection | ErrorQuery): R[] {
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
  return { rows, total: all.length, isEstimate: false, ...(next && { next }) }
}

function countBy(rows: readonly EventRow[], column: 'event_type' | 'status'): Counts {
  const counts: Record<string, number> = {}
  for (const row of rows) if (row[column]) counts[row[column]] = (counts[row[column]] ?? 0) + 1
  return counts
}

const ALWAYS = { start_time: null, end_time: null }
const EXACT = {
  fresh_to: '2026-11-21T11:30:00.000Z',
  is_approximate: false,
  duration_ms: 0,
  duration_ms_by_route: 0,
  unique_users: 0,
  lacking: {},
}

function toStats(rows: readonly EventRow[]): EventStats {
  const users = new Set(rows.flatMap((row) => row.user_id ?? []))
  const duration_ms = { average: null, p50: null, p95: null, p99: null }
  const [by_type, by_status] = [countBy(rows, 'event_type'), countBy(rows, 'status')]
  const others = { by_category: {}, by_agent: {}, by_tool: {}, by_user: {}, by_route: {}, by_country: {} }
  const about = { duration_ms_by_route: {}, range: ALWAYS, precision: EXACT }
  return { ...others, ...about, total: rows.length, by_type, by_status, unique_users: users.size, duration_ms }
}
