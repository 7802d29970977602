/**
 * Draft → Event, the one choke point: nothing reaches a disk or a database but what comes out of here.
 * Redact, bound, then seal. Only this file makes Events.
 */
import { ERROR_COLUMNS, EVENT_COLUMNS, STATUSES } from '../event/columns.ts'
import type { Draft, ErrorDraft, ErrorEvent, Event, Identity } from '../event/event.ts'
import type { Clock } from '../event/time.ts'
import { createCleanRules, type Limits } from './clean.ts'
import { toText } from './clean-text.ts'
import { type Cleaners, createCleaners, without } from './columns.ts'
import { createEventTypes } from './event-types.ts'
import { FINGERPRINT_VERSION, toFingerprint } from './fingerprint.ts'
import { createIdentities } from './identity.ts'
import { readMember, UNREADABLE } from './plain.ts'
import { createTextRedactor } from './redact-text.ts'
import { createKindOf } from './secret-keys.ts'
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
  /** Never throws, whatever the draft is. */
  seal(draft: Draft, identity?: Identity): Event
  sealError(draft: ErrorDraft): ErrorEvent
}

type Row = Record<string, unknown>

export function createRefinery(options: RefineOptions): Refinery {
  const kindOf = createKindOf(options.redactKeys)
  const rules = createCleanRules({ limits: options.limits, kindOf, redactText: createTextRedactor(kindOf) })
  const eventCleaners = createCleaners(EVENT_COLUMNS, rules)
  const errorCleaners = createCleaners(ERROR_COLUMNS, rules)
  const toType = createEventTypes(rules)
  const { identify, identifyAs } = createIdentities(options, rules)

  const cleanDetail = (detail: unknown): unknown => errorCleaners.get('detail')?.(detail)
  const cleanTenant = eventCleaners.get('tenant_id')
  const tenantOf = ({ tenant_id }: Draft | ErrorDraft): string =>
    tenant_id === undefined ? options.tenant : String(cleanTenant?.(tenant_id) || options.tenant)
  const eventCopiers = without(eventCleaners, CHOSEN_HERE)
  const errorCopiers = without(errorCleaners, CHOSEN_HERE)

  const seal = (draft: Draft, identity?: Identity): Event => {
    const tenant_id = tenantOf(draft)
    const { id, created_at, claimed_at } = identity
      ? { ...identity, claimed_at: undefined }
      : identifyAs(draft.created_at ?? draft.timestamp, tenant_id, draft.idempotency_key)
    const { event_type, category } = toType(draft.event_type)
    const status = STATUSES.includes(draft.status as never) ? draft.status : 'success'
    const row: Row = {
      id,
      created_at,
      event_type,
      category,
      status,
      severity: status === 'failure' ? 'warning' : 'info',
      actor_type: isGiven(draft.user_id) ? 'user' : isGiven(draft.agent_id) ? 'agent' : 'system',
      tenant_id,
      service: options.service,
      host: options.host,
    }
    copyClean(draft, row, eventCopiers)
    if (claimed_at !== undefined) row.metadata = { ...toMembers(row.metadata), claimed_at }
    const actor = row.actor_type === 'agent' ? row.agent_id : row.user_id
    if (row.actor_id === undefined && actor !== undefined) row.actor_id = actor
    return Object.freeze(row) as unknown as Event
  }

  const sealError = (draft: ErrorDraft): ErrorEvent => {
    const tenant_id = tenantOf(draft)
    const { id, created_at, claimed_at } = identifyAs(draft.created_at, tenant_id, draft.idempotency_key)
    const { detail, ...thrown } = toThrown(draft.error)
    const row: Row = { id, created_at, severity: 'error', handled: true, tenant_id, service: options.service }
    if (options.release !== undefined) row.release = options.release
    copyClean(draft, row, errorCopiers)
    copyClean(thrown, row, errorCopiers)
    const details = join(cleanDetail(detail), cleanDetail(draft.detail))
    if (details !== undefined) row.detail = details
    if (claimed_at !== undefined) row.detail = { ...toMembers(row.detail), claimed_at }
    row.fingerprint ??= toFingerprint(String(row.error_type), String(row.message), toText(row.stack))
    row.fingerprint_version = FINGERPRINT_VERSION
    return Object.freeze(row) as unknown as ErrorEvent
  }

  return {
    identify,
    seal: (draft, identity) => readable(draft, (read) => seal(read, identity)),
    sealError: (draft) => readable(draft, sealError),
  }
}

/** Most drafts are plain. One that throws when it is read is read again, member by member. */
function readable<D extends object, E>(draft: D, seal: (draft: D) => E): E {
  try {
    return seal(draft)
  } catch {
    return seal(toReadable(draft) as D)
  }
}

function toReadable(draft: object): object {
  try {
    return Object.fromEntries(Object.keys(draft).map((name) => [name, readMember(draft, name)]))
  } catch {
    return { metadata: { draft: UNREADABLE }, detail: { draft: UNREADABLE } }
  }
}

/** Set above, by rules of their own. */
const CHOSEN_HERE = ['id', 'created_at', 'event_type', 'status', 'tenant_id', 'detail', 'fingerprint_version']

function copyClean(from: Row, row: Row, cleaners: Cleaners): void {
  for (const name of Object.keys(from)) {
    const value = from[name]
    if (value === undefined || value === null) continue
    const clean = cleaners.get(name)?.(value)
    if (clean !== undefined) row[name] = clean
  }
}

const isGiven = (id: unknown): boolean => id !== undefined && id !== '' && toText(id) !== undefined

const toMembers = (json: unknown): object =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? json : json === undefined ? {} : { value: json }

/** What is known of the error beside what the app says of it. */
function join(ofError: unknown, given: unknown): unknown {
  if (ofError === undefined) return given
  return given === undefined ? ofError : { ...toMembers(ofError), ...toMembers(given) }
}
