/** Rows around an event → the steps that led to it, each with what it was found by. */
import type { EventRow } from '../event/query.ts'
import { type Link, PARTS, type Provenance, type ProvenancePart, type Step } from '../event/story.ts'

type Test = (row: EventRow) => boolean
/** The surest first. */
type Ways = readonly (readonly [Link, Test])[]

export const ASKED = ['APPROVAL_REQUIRED']
export const DECIDED = ['APPROVAL_GRANTED', 'APPROVAL_DENIED', 'APPROVAL_EXPIRED']
const TYPES: Readonly<Partial<Record<ProvenancePart, readonly string[]>>> = {
  tool: ['TOOL_REQUEST'],
  agent: ['AGENT_STARTED', 'AGENT_SWITCHED', 'AGENT_CREATED'],
  approval: DECIDED,
  question: ASKED,
  task: ['TASK_STARTED', 'TASK_PLANNED'],
  message: ['MESSAGE_CREATED'],
}
/** What is looked for in the whole of a session. */
export const SESSION_TYPES: readonly string[] = Object.values(TYPES).flat()

export function toProvenance(event: EventRow, rows: readonly EventRow[]): Provenance {
  const near = toNear(event, rows)
  const tool = near('tool', [['tool_call', same(event, 'tool_call_id')]])
  const ids = toCallIds(event, tool?.event)
  const ofCall: Test = ({ tool_call_id = '' }) => ids.has(tool_call_id)
  const approval = near('approval', [['tool_call', ofCall]])
  const ofApproval: Test = (row) =>
    toApprovalId(row) !== undefined && toApprovalId(row) === toApprovalId(approval?.event)
  const agent = near('agent', ofAgent(event))
  const question = near('question', [
    ['approval', ofApproval],
    ['tool_call', ofCall],
  ])
  const task = near('task', inStory(event))
  const message = near('message', inStory(event))
  const request = near('request', ofRequest(message?.event ?? event))
  const found = [near('event', []), tool, agent, approval, question, task, message, request]
  const steps = found.filter((step) => step !== undefined)
  return {
    steps,
    person: toPerson(event, steps),
    decided_by: toDecider(approval?.event),
    missing: PARTS.filter((part) => !steps.some((step) => step.part === part) && !isPart(event, part)),
  }
}

type Near = (part: ProvenancePart, ways: Ways) => Step | undefined

function toNear(event: EventRow, rows: readonly EventRow[]): Near {
  const above = toAncestors(event, rows)
  const isAbove: Test = ({ span_id = '' }) => above.has(span_id)
  return (part, ways) => {
    if (part === 'event') return { part, link: 'itself', event }
    if (isPart(event, part)) return undefined
    const candidates = rows
      .filter((row) => isPart(row, part) && row.id !== event.id && (part === 'request' || !isAfter(row, event)))
      .sort((a, b) => (isAfter(a, b) ? -1 : 1))
    for (const [link, test] of [
      ...ways.filter(isSure),
      ['span', isAbove] as const,
      ...ways.filter((way) => !isSure(way)),
    ]) {
      const row = candidates.find(test)
      if (row) return { part, link, event: row }
    }
    return undefined
  }
}

const SURE: readonly Link[] = ['tool_call', 'approval', 'request']
const isSure = ([link]: Ways[number]): boolean => SURE.includes(link)

function isPart(row: EventRow, part: ProvenancePart): boolean {
  const { event_type = '', actor_type, method } = row
  if (part === 'request') return method !== undefined && /^(API|AUTH)_/.test(event_type)
  return (TYPES[part]?.includes(event_type) ?? false) && (part !== 'message' || actor_type === 'user')
}

const isAfter = (a: EventRow, b: EventRow): boolean => a.timestamp > b.timestamp

/** Its own span and all those above it, as far as they are known. */
function toAncestors(event: EventRow, rows: readonly EventRow[]): ReadonlySet<string> {
  const parents = new Map(
    rows.flatMap(({ trace_id, span_id, parent_span_id }) =>
      trace_id === event.trace_id && span_id && parent_span_id ? [[span_id, parent_span_id] as const] : [],
    ),
  )
  const above = new Set<string>()
  const own = event.span_id ?? event.parent_span_id
  if (event.parent_span_id && event.span_id) parents.set(event.span_id, event.parent_span_id)
  for (let at = own; at !== undefined && !above.has(at); at = parents.get(at)) above.add(at)
  return above
}

type IdColumn = 'tool_call_id' | 'trace_id' | 'session_id' | 'request_id'

const same =
  (event: EventRow, column: IdColumn): Test =>
  (row) =>
    event[column] !== undefined && row[column] === event[column]

const inStory = (event: EventRow): Ways => [
  ['trace', same(event, 'trace_id')],
  ['session', same(event, 'session_id')],
]

/** Of several agents in one trace, the one that the event names. */
const ofAgent = (event: EventRow): Ways =>
  inStory(event).map(([link, test]) => [
    link,
    (row) => test(row) && (event.agent_id === undefined || [row.agent_id, row.entity_id].includes(event.agent_id)),
  ])

const ofRequest = (event: EventRow): Ways => [
  ['request', (row) => same(event, 'request_id')(row) && row.status !== 'in_progress'],
  ['trace', same(event, 'trace_id')],
]

const toCallIds = (...rows: readonly (EventRow | undefined)[]): ReadonlySet<string> =>
  new Set(rows.flatMap((row) => row?.tool_call_id ?? []))

function toApprovalId(row: EventRow | undefined): unknown {
  const { payload } = row ?? {}
  return typeof payload === 'object' && payload !== null ? Reflect.get(payload, 'approval_id') : undefined
}

/** Who wrote the message knows best what was wanted; then who sent the request, then whom the event names. */
function toPerson(event: EventRow, steps: readonly Step[]): Provenance['person'] {
  for (const part of ['message', 'request'] as const) {
    const user_id = steps.find((step) => step.part === part)?.event.user_id
    if (user_id !== undefined) return { user_id, from: part }
  }
  const user_id = event.on_behalf_of ?? event.user_id
  return user_id === undefined ? null : { user_id, from: 'event' }
}

function toDecider(approval: EventRow | undefined): Provenance['decided_by'] {
  const user_id = approval?.user_id ?? (approval?.actor_type === 'user' ? approval.actor_id : undefined)
  return approval?.approval_status === undefined || user_id === undefined
    ? null
    : { user_id, approval_status: approval.approval_status }
}
