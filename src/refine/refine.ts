/**
 * Draft → Event, the one choke point: nothing reaches a disk or a database but what comes out of here.
 * Redact, bound, then seal. Only this file makes Events.
 */
import { ERROR_COLUMNS, EVENT_COLUMNS } from '../event/columns.ts'
import type { Draft, ErrorDraft, ErrorEvent, Event, Identity } from '../event/event.ts'
import { toEventId } from '../event/id.ts'
import { type Clock, toIso, toMicros } from '../event/time.ts'
import { EVENT_TYPES, toEventType, UNKNOWN_CATEGORY } from '../event/types.ts'
import type { CleanRules, Limits } from './clean.ts'
import { type Cleaner, createCleaners } from './columns.ts'
import { FINGERPRINT_VERSION, toFingerprint } from './fingerprint.ts'
import { createTextRedactor } from './redact-text.ts'
import { createSecretKeys } from './secret-keys.ts'
import { toThrown } from './thrown.ts'

export interface RefineOptions {
  readonly clock: Clock
  readonly limits: Limits
  readonly redactKeys: readonly string[]
  /** Set on every event that names none itself. */
  readonly service: string
  readonly host: string
  readonly tenant: string
  readonly release: string | undefined
  /** Events older or further ahead than this get the clock's time; `metadata.claimed_at` keeps theirs. */
  readonly maxAgeMs: number
  readonly maxAheadMs: number
}

export interface Refinery {
  /** Time and id for an event that others must name before it is sealed. */
  identify(): Identity
  seal(draft: Draft, identity?: Identity): Event
  sealError(draft: ErrorDraft): ErrorEvent
}

type Row = Record<string, unknown>

export function createRefinery(options: RefineOptions): Refinery {
  const isSecretKey = createSecretKeys(options.redactKeys)
  const rules: CleanRules = { limits: options.limits, isSecretKey, redactText: createTextRedactor(isSecretKey) }
  const eventCleaners = createCleaners(EVENT_COLUMNS, rules)
  const errorCleaners = createCleaners(ERROR_COLUMNS, rules)

  const identify = (claimed?: unknown, key?: string): Identity & { claimed?: unknown } => {
    const now = options.clock()
    const asked = claimed === undefined || claimed === null ? now : toMicros(claimed)
    const isLive =
      asked !== undefined && asked >= now - options.maxAgeMs * 1000 && asked <= now + options.maxAheadMs * 1000
    const micros = isLive ? asked : now
    return { id: toEventId(micros, key), created_at: toIso(micros), ...(isLive ? {} : { claimed }) }
  }

  const seal = (draft: Draft, identity?: Identity): Event => {
    const tenant = draft.tenant_id ?? options.tenant
    const key = draft.idempotency_key === undefined ? undefined : `${tenant}\n${draft.idempotency_key}`
    const { id, created_at, claimed } = {
      claimed: undefined,
      ...(identity ?? identify(draft.created_at ?? draft.timestamp, key)),
    }
    const event_type = toEventType(String(draft.event_type)).slice(0, options.limits.textChars) || 'UNNAMED'
    const row: Row = { id, created_at, event_type, ...toEventDefaults(draft, event_type) }
    row.tenant_id = tenant
    row.service = options.service
    row.host = options.host
    copyClean(draft, row, eventCleaners)
    if (claimed !== undefined) row.metadata = { ...toMembers(row.metadata), claimed_at: String(claimed).slice(0, 64) }
    row.actor_id ??= row.actor_type === 'agent' ? row.agent_id : row.user_id
    return Object.freeze(row) as unknown as Event
  }

  const sealError = (draft: ErrorDraft): ErrorEvent => {
    const { id, created_at } = identify(draft.created_at)
    const thrown = toThrown(draft.error)
    const row: Row = { id, created_at, severity: 'error', handled: true, tenant_id: options.tenant }
    row.service = options.service
    row.release = options.release
    const { error: _, ...fields } = draft
    copyClean({ ...fields, ...thrown, detail: toDetail(thrown.detail, draft.detail) }, row, errorCleaners)
    row.fingerprint =
      draft.fingerprint ?? toFingerprint(String(row.error_type), String(row.message), toStack(row.stack))
    row.fingerprint_version = FINGERPRINT_VERSION
    return Object.freeze(row) as unknown as ErrorEvent
  }

  return { identify: () => identify(), seal, sealError }
}

/** Set before the draft's own columns, which then win. */
function toEventDefaults(draft: Draft, eventType: string): Row {
  const status = draft.status ?? 'success'
  return {
    category: EVENT_TYPES.get(eventType)?.category ?? UNKNOWN_CATEGORY,
    status,
    severity: status === 'failure' ? 'warning' : 'info',
    actor_type: draft.user_id ? 'user' : draft.agent_id ? 'agent' : 'system',
  }
}

const CHOSEN_HERE = new Set(['id', 'created_at', 'event_type'])

function copyClean(from: object, row: Row, cleaners: ReadonlyMap<string, Cleaner>): void {
  for (const [name, value] of Object.entries(from)) {
    if (value === undefined || value === null || CHOSEN_HERE.has(name)) continue
    const clean = cleaners.get(name)?.(value)
    if (clean !== undefined) row[name] = clean
  }
}

const toStack = (stack: unknown): string | undefined => (typeof stack === 'string' ? stack : undefined)

const toMembers = (json: unknown): object =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? json : json === undefined ? {} : { value: json }

function toDetail(ofError: object | undefined, given: unknown): unknown {
  if (ofError === undefined) return given
  return given === undefined ? ofError : { ...ofError, ...toMembers(given) }
}
