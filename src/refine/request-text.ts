/**
 * The closing event of a request as the JSON that its line holds. Most of it comes again with other requests: what was
 * asked for, how it went, and with which program. Such parts are sealed once and kept as text: between two requests, with
 * the processor's caches full of other code, to clean and to encode each column anew took as long as two calls of the
 * kernel. What is not so plain is left to `seal`, and both say the same of each request:
 * docs/decisions/0019-requests-are-made-from-parts.md
 */
import type { Event, EventText, Identity, RequestDraft } from '../event/event.ts'
import { isSpanId, normaliseTraceId } from '../event/trace.ts'
import { type Cleaners, mayComeAgain } from './columns.ts'
import type { Locate } from './locate.ts'
import { remembering } from './remembering.ts'
import { isMarked } from './risk.ts'

export interface RequestTextOptions {
  readonly seal: (draft: RequestDraft) => Event
  readonly identify: () => Identity
  readonly cleaners: Cleaners
  readonly locate: Locate | undefined
  /** Whether a path makes an event riskier, whatever its route is. */
  readonly isRisky: (path: string) => boolean
  /** Whether ids of users are hashed, each for itself. */
  readonly hashesUsers: boolean
  /** Whether bodies are kept as they come. */
  readonly keepsContent: boolean
}

/** Undefined for an event that `seal` is to make. Never throws. */
export type ToRequestText = (draft: RequestDraft, identity?: Identity) => EventText | undefined

/** What was asked for, and how it went. */
type Kind = Pick<
  RequestDraft,
  | ('event_type' | 'status' | 'severity' | 'outcome' | 'error_code')
  | ('action_description' | 'method' | 'route' | 'status_code')
>
interface KnownKind extends Kind {
  readonly json: string
}

const MAX_ROUTES = 500
const MAX_KINDS_OF_ROUTE = 16
/** No address is longer, its zone included. */
const MAX_ADDRESS_CHARS = 64
/** A number with as many digits may be that of a card. */
const MAX_SIZE = 1e12
const SIZES = ['http.request.body.size', 'http.response.body.size', 'http.response.size']

export function createRequestText({
  seal,
  identify,
  cleaners,
  locate,
  isRisky,
  hashesUsers,
  keepsContent,
}: RequestTextOptions): ToRequestText {
  /** A member behind others; nothing where the column stays unset. */
  const toMember = (name: string): ((value: unknown) => string) => {
    const clean = cleaners.get(name)
    return (value) => (value === undefined || value === null ? '' : member(name, clean?.(value)))
  }
  const toPath = toMember('path')
  const toDuration = toMember('duration_ms')
  const toRequestId = toMember('request_id')
  const toSession = toMember('session_id')
  const toPayload = toMember('payload')
  const cleanUser = cleaners.get('user_id')
  const cleanActorType = cleaners.get('actor_type')
  const cleanMetadata = cleaners.get('metadata')

  const kinds = new Map<string, KnownKind[]>()
  const toKind = (draft: RequestDraft): string | undefined => {
    const { action_description, route } = draft
    // Without a route its path is in its description, and does not come again.
    if (typeof action_description !== 'string' || typeof route !== 'string') return undefined
    const known = kinds.get(action_description) ?? []
    for (const kind of known) if (isOfKind(draft, kind)) return kind.json
    const kind = pickKind(draft)
    const { id, created_at, actor_type, ...columns } = seal(kind)
    const json = JSON.stringify(columns).slice(1, -1)
    const isPlain = mayComeAgain(action_description, columns.action_description) && mayComeAgain(route, columns.route)
    if (!isPlain || known.length >= MAX_KINDS_OF_ROUTE) return json
    if (kinds.size >= MAX_ROUTES) kinds.clear()
    kinds.set(action_description, [...known, { ...kind, json }])
    return json
  }

  const toAgent = remembering(
    (agent) => {
      const { user_agent, device } = seal({ event_type: 'API_REQUEST', user_agent: agent })
      return {
        json: member('user_agent', user_agent) + member('device', device),
        mayKeep: mayComeAgain(agent, user_agent),
      }
    },
    (_agent, { mayKeep }) => mayKeep,
  )
  const toAddress = remembering(toMember('source_ip'), (address) => address.length <= MAX_ADDRESS_CHARS)

  /** Undefined where a user's id is none, or is to be hashed. */
  const toWho = ({ actor_type, user_id, session_id }: RequestDraft): string | undefined => {
    if (user_id !== undefined && (typeof user_id !== 'string' || user_id === '' || hashesUsers)) return undefined
    const user = user_id === undefined ? undefined : cleanUser?.(user_id)
    const type = cleanActorType?.(actor_type) ?? (user === undefined ? 'system' : 'user')
    const actor = type === 'agent' ? undefined : user
    return `,"actor_type":"${type}"${member('actor_id', actor)}${member('user_id', user)}${toSession(session_id)}`
  }

  const labels = new Map(SIZES.filter((name) => isKept(name, cleaners)).map((name) => [name, JSON.stringify(name)]))
  /** Of numbers alone, as of most requests. */
  const toSizes = (metadata: unknown): string | undefined => {
    let sizes = ''
    for (const name of Object.keys(metadata as object)) {
      const label = labels.get(name)
      const size: unknown = (metadata as Readonly<Record<string, unknown>>)[name]
      if (label === undefined || typeof size !== 'number' || !(size >= 0 && size < MAX_SIZE)) return undefined
      sizes += `${sizes === '' ? '' : ','}${label}:${size}`
    }
    return sizes === '' ? undefined : `,"metadata":{${sizes}}`
  }

  /** Undefined where it adds to the risk. */
  const toMetadata = (metadata: unknown): string | undefined => {
    if (metadata === undefined) return ''
    const sizes = toSizes(metadata)
    if (sizes !== undefined) return sizes
    const cleaned = cleanMetadata?.(metadata)
    return isMarked(cleaned) ? undefined : member('metadata', cleaned)
  }

  /** Undefined for an address or a program that is no text. */
  const toClient = ({ source_ip, user_agent }: RequestDraft): string | undefined => {
    if (!isTextOrNone(source_ip) || !isTextOrNone(user_agent)) return undefined
    const agent = user_agent === undefined ? '' : toAgent(user_agent).json
    if (source_ip === undefined) return agent
    const { country, city } = locate?.(source_ip) ?? {}
    return `${toAddress(source_ip)}${member('country', country)}${member('city', city)}${agent}`
  }

  const toText: ToRequestText = (draft, identity) => {
    const { path, payload } = draft
    if (hasMore(draft) || (payload !== undefined && !keepsContent)) return undefined
    if (typeof path !== 'string' || isRisky(path)) return undefined
    const who = toWho(draft)
    const ids = toIds(draft)
    const client = toClient(draft)
    const metadata = toMetadata(draft.metadata)
    if (who === undefined || ids === undefined || client === undefined || metadata === undefined) return undefined
    const kind = toKind(draft)
    if (kind === undefined) return undefined
    const { id, created_at } = identity ?? identify()
    const own = `${toPath(path)}${toDuration(draft.duration_ms)}${toRequestId(draft.request_id)}`
    const json = `{"id":"${id}","created_at":"${created_at}",${kind}${who}${client}${own}${ids}${metadata}${toPayload(payload)}}`
    return { id, created_at, json } as EventText
  }

  return (draft, identity) => {
    try {
      return toText(draft, identity)
    } catch {
      // What can't be read is read with more care there.
      return undefined
    }
  }
}

const isTextOrNone = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string'

const member = (name: string, value: unknown): string =>
  value === undefined ? '' : `,"${name}":${JSON.stringify(value)}`

/** Whether there is what most requests don't have. */
const hasMore = (draft: RequestDraft): boolean =>
  draft.risk_factors !== undefined ||
  draft.tenant_id !== undefined ||
  draft.actor_id !== undefined ||
  draft.agent_id !== undefined ||
  draft.on_behalf_of !== undefined ||
  draft.project_id !== undefined ||
  draft.run_id !== undefined

function toIds({ trace_id, span_id, parent_span_id }: RequestDraft): string | undefined {
  if (trace_id === undefined || normaliseTraceId(trace_id) !== trace_id || !isSpanId(span_id)) return undefined
  const ids = `,"trace_id":"${trace_id}","span_id":"${span_id}"`
  if (parent_span_id === undefined) return ids
  return isSpanId(parent_span_id) ? `${ids},"parent_span_id":"${parent_span_id}"` : undefined
}

function pickKind(draft: RequestDraft): Kind {
  const { event_type, status, severity, outcome, error_code, action_description, method, route, status_code } = draft
  return { event_type, status, severity, outcome, error_code, action_description, method, route, status_code }
}

const isOfKind = (draft: RequestDraft, kind: Kind): boolean =>
  draft.status_code === kind.status_code &&
  draft.event_type === kind.event_type &&
  draft.method === kind.method &&
  draft.route === kind.route &&
  draft.status === kind.status &&
  draft.severity === kind.severity &&
  draft.outcome === kind.outcome &&
  draft.error_code === kind.error_code

/** Whether a number under this name is kept as it is. */
const isKept = (name: string, cleaners: Cleaners): boolean =>
  JSON.stringify(cleaners.get('metadata')?.({ [name]: 1 })) === JSON.stringify({ [name]: 1 })
