/**
 * Draft → Event, the one choke point: nothing reaches a disk or a database but what comes out of here.
 * Redact, bound, then seal. Only this file makes Events.
 */
import { ERROR_COLUMNS, EVENT_COLUMNS, STATUSES } from '../event/columns.ts'
import type { Draft, ErrorDraft, ErrorEvent, Event, Identity, Json } from '../event/event.ts'
import type { Twin } from '../event/ports/sink.ts'
import type { Clock } from '../event/time.ts'
import { createCleanRules, type Limits } from './clean.ts'
import { toText } from './clean-text.ts'
import { type Cleaners, createCleaners, without } from './columns.ts'
import { type ContentLevel, createContentRule, holdsContent } from './content.ts'
import { createEnrich, type EnrichOptions } from './enrich.ts'
import { createEventTypes } from './event-types.ts'
import { type Failure, FINGERPRINT_VERSION, toFingerprint } from './fingerprint.ts'
import { toOwnFrames } from './frames.ts'
import { createIdentities } from './identity.ts'
import { createOwnRedactor, createPathRedactor, type OwnRules, type RedactAt } from './own-rules.ts'
import { readMember, UNREADABLE } from './plain.ts'
import { createIpCleaner, createIpHasher, createUserHasher, type PrivacyRules, USER_NAMES } from './privacy.ts'
import { createTextRedactor } from './redact-text.ts'
import { createRequestText, type ToRequestText } from './request-text.ts'
import { createIsRiskyPath } from './risk.ts'
import { createKindOf } from './secret-keys.ts'
import { toThrown } from './thrown.ts'

export interface RefineOptions extends EnrichOptions {
  readonly clock: Clock
  readonly limits: Limits
  readonly redactKeys: readonly string[]
  readonly redaction: RedactionRules
  readonly privacy: PrivacyRules
  readonly content: ContentLevel
  /** Set on every event that names none itself. */
  readonly service: string
  readonly host: string
  readonly tenant: string
  readonly release: string | undefined
  /** Events older or further ahead than this get the clock's time; `metadata.claimed_at` keeps theirs. */
  readonly maxAgeMs: number
  readonly maxAheadMs: number
}

export interface RedactionRules extends OwnRules {
  /** Names that are no secrets although they look like one. */
  readonly except: readonly string[]
  readonly paths: readonly string[]
}

export interface Refinery {
  /** Time and id for an event that others must name before it is sealed. */
  identify(): Identity
  /** Never throws, whatever the draft is. */
  seal(draft: Draft, identity?: Identity): Event
  sealError(draft: ErrorDraft): ErrorEvent
  /** What `seal` says of the draft, of those that are plain enough. */
  readonly toRequestText: ToRequestText
  /** Another event of the same contents, which are clean already. */
  twin(event: Event, more: Twin): Event
}

type Row = Record<string, unknown>

export function createRefinery(options: RefineOptions): Refinery {
  const { redaction, privacy } = options
  const hashUsers = createUserHasher(privacy)
  const hashIp = createIpHasher(privacy)
  const whole = hashUsers ? USER_NAMES : []
  const kindOf = createKindOf({ keys: options.redactKeys, except: redaction.except, whole })
  const redactText = createTextRedactor(kindOf, createOwnRedactor(redaction))
  const rules = createCleanRules({ limits: options.limits, kindOf, redactText })
  const redactAt = createPathRedactor(redaction.paths)
  const toContent = createContentRule(options.content)
  const eventCleaners = createCleaners(EVENT_COLUMNS, rules, { source_ip: createIpCleaner(privacy) })
  const errorCleaners = createCleaners(ERROR_COLUMNS, rules)
  const toType = createEventTypes(rules)
  const enrich = createEnrich(options)
  const { identify, identifyAs } = createIdentities(options, rules)

  const cleanDetail = (detail: unknown): unknown => errorCleaners.get('detail')?.(detail)
  /** A group is asked for by it in an address, which an empty or blank one has no room in. */
  const cleanFingerprint = (given: unknown): unknown => {
    const cleaned = errorCleaners.get('fingerprint')?.(given)
    return typeof cleaned === 'string' && cleaned.trim() !== '' ? cleaned : undefined
  }
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
    if (toContent && row.payload !== undefined && holdsContent(row)) row.payload = toContent(row.payload as Json)
    if (redactAt) redactPaths(row, redactAt)
    hashUsers?.(draft, row)
    hashIp?.(row)
    if (claimed_at !== undefined) row.metadata = { ...toMembers(row.metadata), claimed_at }
    const actor = row.actor_type === 'agent' ? row.agent_id : row.user_id
    if (row.actor_id === undefined && actor !== undefined) row.actor_id = actor
    enrich(row, draft.source_ip)
    return Object.freeze(row) as unknown as Event
  }

  const sealError = (draft: ErrorDraft): ErrorEvent => {
    const tenant_id = tenantOf(draft)
    const { id, created_at, claimed_at } = identifyAs(draft.created_at, tenant_id, draft.idempotency_key)
    const { detail, fingerprint, ...thrown } = toThrown(draft.error)
    const row: Row = { id, created_at, severity: 'error', handled: true, tenant_id, service: options.service }
    if (options.release !== undefined) row.release = options.release
    copyClean(draft, row, errorCopiers)
    copyClean(thrown, row, errorCopiers)
    hashUsers?.(draft, row)
    const details = join(cleanDetail(detail), cleanDetail(draft.detail))
    if (details !== undefined) row.detail = details
    if (redactAt) redactPaths(row, redactAt)
    // Of what has been cleaned: a path may hold a secret.
    const own_frames = toOwnFrames(toText(row.stack) ?? '')
    if (own_frames) row.detail = { ...toMembers(row.detail), own_frames }
    if (claimed_at !== undefined) row.detail = { ...toMembers(row.detail), claimed_at }
    row.fingerprint =
      cleanFingerprint(draft.fingerprint) ?? cleanFingerprint(fingerprint) ?? toFingerprint(row as unknown as Failure)
    row.fingerprint_version = FINGERPRINT_VERSION
    return Object.freeze(row) as unknown as ErrorEvent
  }

  const toRequestText = createRequestText({
    seal,
    identify,
    cleaners: eventCopiers,
    locate: options.locate,
    isRisky: options.risk ? createIsRiskyPath(options.risk) : () => false,
    hashesUsers: hashUsers !== undefined,
    keepsContent: toContent === undefined,
  })

  return {
    identify,
    // Rules about places in JSON, and addresses to be hashed, are for whole rows.
    toRequestText: redactAt || hashIp ? () => undefined : toRequestText,
    seal: readable(seal),
    sealError: readable(sealError),
    twin: (event, more) => {
      const columns = Object.entries({ ...event, ...more, ...identify() }).filter(([, value]) => value !== undefined)
      return Object.freeze(Object.fromEntries(columns)) as Event
    },
  }
}

/** Most drafts are plain. One that throws when it is read is read again, member by member. */
function readable<D extends object, E>(seal: (draft: D, identity?: Identity) => E): typeof seal {
  return (draft, identity) => {
    try {
      return seal(draft, identity)
    } catch {
      return seal(toReadable(draft) as D, identity)
    }
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
const CHOSEN_HERE = [
  'id',
  'created_at',
  'event_type',
  'status',
  'tenant_id',
  'detail',
  'fingerprint',
  'fingerprint_version',
]

function copyClean(from: Row, row: Row, cleaners: Cleaners): void {
  for (const name of Object.keys(from)) {
    const value = from[name]
    if (value === undefined || value === null) continue
    const clean = cleaners.get(name)?.(value)
    if (clean !== undefined) row[name] = clean
  }
}

function redactPaths(row: Row, redactAt: RedactAt): void {
  for (const column of JSON_COLUMNS) if (row[column] !== undefined) row[column] = redactAt(column, row[column])
}

const JSON_COLUMNS = ['payload', 'metadata', 'detail']

const isGiven = (id: unknown): boolean => id !== undefined && id !== '' && toText(id) !== undefined

const toMembers = (json: unknown): object =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? json : json === undefined ? {} : { value: json }

/** What is known of the error beside what the app says of it. */
function join(ofError: unknown, given: unknown): unknown {
  if (ofError === undefined) return given
  return given === undefined ? ofError : { ...toMembers(ofError), ...toMembers(given) }
}
