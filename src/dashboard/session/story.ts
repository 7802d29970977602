/** A session's events as people tell it: a call with its result and its approval is one thing. */
import type { Answer } from '../../client/client.ts'

type EventRow = Answer<'findEvents'>['events'][number]
type ErrorRow = Answer<'findErrors'>['errors'][number]

export type Part =
  | { readonly kind: 'message'; readonly event: EventRow; readonly isOfAgent: boolean }
  | { readonly kind: 'switch'; readonly event: EventRow }
  | { readonly kind: 'call'; readonly event: EventRow; readonly result?: EventRow; readonly approval?: Approval }
  | { readonly kind: 'error'; readonly error: ErrorRow }
  /** All the rest: told in one line. */
  | { readonly kind: 'step'; readonly event: EventRow }

export interface Approval {
  readonly asked: EventRow
  readonly decided?: EventRow
}

export const toMs = (part: Part): number =>
  Date.parse(part.kind === 'error' ? part.error.created_at : part.event.timestamp)
export const toKey = (part: Part): string => (part.kind === 'error' ? part.error.id : part.event.id)

/** Whether it tells of this event or error. */
export function isAbout(part: Part, id: string): boolean {
  if (part.kind !== 'call') return toKey(part) === id
  const { event, result, approval } = part
  return [event, result, approval?.asked, approval?.decided].some((told) => told?.id === id)
}

export function toParts(events: readonly EventRow[], errors: readonly ErrorRow[]): Part[] {
  const requested = new Set(events.filter(isRequest).map((event) => event.tool_call_id))
  const parts = events.flatMap((event): Part[] => {
    if (isRequest(event)) return [toCall(event, events)]
    // Told with the call that it belongs to. What is logged while a tool runs has its id too, and is told for itself.
    if (event.tool_call_id && requested.has(event.tool_call_id) && OF_CALL.test(event.event_type)) return []
    if (event.event_type === 'MESSAGE_CREATED') return [{ kind: 'message', event, isOfAgent: isOfAgent(event) }]
    if (event.event_type === 'AGENT_SWITCHED') return [{ kind: 'switch', event }]
    return [{ kind: 'step', event }]
  })
  return [...parts, ...errors.map((error): Part => ({ kind: 'error', error }))].sort((a, b) => toMs(a) - toMs(b))
}

const OF_CALL = /^(TOOL_RESULT|TOOL_ERROR|APPROVAL_\w+)$/

function toCall(event: EventRow, events: readonly EventRow[]): Part {
  const named = events.filter((other) => other.tool_call_id && other.tool_call_id === event.tool_call_id).sort(byTime)
  // Some models number their calls anew in each turn: what came up to a result before is of another call.
  const kin = named.slice(named.findLastIndex((other) => isResult(other) && byTime(other, event) < 0) + 1)
  const result = kin.find(isResult)
  const own = result ? kin.slice(0, kin.indexOf(result)) : kin
  const asked = own.find((other) => other.event_type === 'APPROVAL_REQUIRED')
  const decided = own.find((other) => /^APPROVAL_(?!REQUIRED)/.test(other.event_type))
  const approval = asked ?? decided
  return {
    kind: 'call',
    event,
    ...(result && { result }),
    ...(approval && { approval: { asked: approval, ...(decided && { decided }) } }),
  }
}

const byTime = (a: EventRow, b: EventRow): number => (a.timestamp < b.timestamp ? -1 : 1)

const isResult = ({ event_type }: EventRow): boolean => event_type === 'TOOL_RESULT' || event_type === 'TOOL_ERROR'
const isRequest = (event: EventRow): boolean => event.event_type === 'TOOL_REQUEST' && event.tool_call_id !== undefined

const isOfAgent = ({ payload, actor_type }: EventRow): boolean =>
  typeof payload?.role === 'string' ? !['user', 'human'].includes(payload.role) : actor_type === 'agent'
