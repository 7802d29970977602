/**
 * What Daybook itself says over OpenTelemetry: events with their columns as `daybook.*`, and two names for approvals, for
 * which OpenTelemetry has none yet.
 */
import { ERROR_SEVERITIES, EVENT_COLUMNS } from '../../../event/columns.ts'
import type { Draft, ErrorDraft } from '../../../event/event.ts'
import { join } from '../../facts.ts'
import type { Dialect } from '../dialect.ts'
import type { Attributes } from '../span.ts'
import { isGiven, isObject, parse, pick, toWord } from '../values.ts'

const PREFIX = 'daybook.'
const TYPE = 'daybook.event_type'

export const own: Dialect = {
  operation: ({ attributes }) => (isGiven(attributes[TYPE]) ? 'own' : undefined),
  lifts: {
    session_id: ['daybook.session_id'],
    user_id: ['daybook.user_id'],
    project_id: ['daybook.project_id'],
    agent_id: ['daybook.agent_id'],
  },
}

/** Set by whoever stores the event. */
const NOT_SAID = new Set(['id', 'created_at', 'tx_id', 'tenant_id'])
const COLUMNS = Object.entries(EVENT_COLUMNS).filter(([name]) => !NOT_SAID.has(name))
/** Written as JSON by those who have only text. */
const PACKED: readonly unknown[] = ['json', 'text[]']

/** The columns of an event of ours, as they are; undefined for what is none. */
export function toOwn(attributes: Attributes): (Partial<Draft> & Pick<Draft, 'event_type'>) | undefined {
  const event_type = toWord(attributes[TYPE])
  if (event_type === undefined) return undefined
  const given = COLUMNS.map(([name, kind]) => {
    const value = attributes[PREFIX + name]
    return [name, PACKED.includes(kind) ? parse(value) : value] as const
  })
  const id = toOwnId(attributes)
  const fields: Partial<Draft> = Object.fromEntries(given.filter(([, value]) => isGiven(value)))
  return {
    ...fields,
    event_type,
    ...(id && { idempotency_key: id }),
    ...toPath(attributes, fields.metadata),
  }
}

/** Not its `event_id`: an event that was sent on has another id here. */
const SAID_OF_ERROR = ['endpoint', 'release', 'request_id', 'run_id', 'fingerprint']

/** What an error of ours says of itself that a record of another has no place for; nothing of what is none. */
export function toOwnError(attributes: Attributes): Partial<ErrorDraft> {
  const severity = ERROR_SEVERITIES.find((one) => one === attributes['daybook.severity'])
  const handled = attributes['daybook.handled']
  const said = SAID_OF_ERROR.map((name) => [name, toWord(attributes[PREFIX + name])])
  const idempotency_key = toOwnId(attributes)
  const detail = toDetail(attributes)
  return {
    ...Object.fromEntries(said.filter(([, value]) => value)),
    ...(severity && { severity }),
    ...(typeof handled === 'boolean' && { handled }),
    ...(idempotency_key && { idempotency_key }),
    ...(detail && { detail }),
  }
}

/** The id that it has where it comes from. */
export const toOwnId = (attributes: Attributes): string | undefined => toWord(attributes['daybook.id'])

function toDetail(attributes: Attributes): object | undefined {
  const said = parse(attributes['daybook.detail'])
  const detail = isGiven(said) && !isObject(said) ? { value: said } : said
  const through = toThrough(attributes)
  return detail || through ? { ...detail, ...through } : undefined
}

/** The ids of the event logs that have sent it on, the first one first. */
export const pathOf = (attributes: Attributes): readonly unknown[] => {
  const path = attributes['daybook.through']
  return Array.isArray(path) ? path : []
}

/** Kept with the event or error: whoever sends it on must know through whom it came. */
function toThrough(attributes: Attributes): { readonly daybook_through: readonly unknown[] } | undefined {
  const daybook_through = pathOf(attributes)
  return daybook_through.length > 0 ? { daybook_through } : undefined
}

function toPath(attributes: Attributes, metadata: unknown): Partial<Draft> {
  const through = toThrough(attributes)
  return through ? { metadata: join(metadata, through) } : {}
}

const REQUESTED = 'agent.approval.requested'
const DECIDED = 'agent.approval.decided'

const DECISIONS: Readonly<Record<string, string>> = {
  ...{ granted: 'APPROVAL_GRANTED', approved: 'APPROVAL_GRANTED', true: 'APPROVAL_GRANTED' },
  ...{ denied: 'APPROVAL_DENIED', rejected: 'APPROVAL_DENIED', false: 'APPROVAL_DENIED', expired: 'APPROVAL_EXPIRED' },
}

/** Of an event of a span or a log record; undefined for one of another name, or one that leaves open what was decided. */
export function toOwnApproval(name: string, attributes: Attributes): Draft | undefined {
  const status = String(attributes['agent.approval.status'] ?? attributes['agent.approval.approved']).toLowerCase()
  const event_type = name === REQUESTED ? 'APPROVAL_REQUIRED' : name === DECIDED ? pick(DECISIONS, status) : undefined
  if (event_type === undefined) return undefined
  return {
    event_type,
    tool_call_id: toWord(attributes['gen_ai.tool.call.id']),
    tool_name: toWord(attributes['gen_ai.tool.name']),
    comments: toWord(attributes['agent.approval.reason']),
    payload: { approval_id: toWord(attributes['agent.approval.id']) },
    ...toDecider(event_type, toWord(attributes['agent.approval.approver_id'])),
  }
}

/** The agent asks; a person decides, or nobody does in time. */
function toDecider(event_type: string, approver: string | undefined): Partial<Draft> {
  if (event_type === 'APPROVAL_REQUIRED') return {}
  const isExpired = event_type === 'APPROVAL_EXPIRED'
  const who = isExpired ? 'timeout' : approver
  return {
    ...{ actor_type: isExpired ? 'system' : 'user', actor_id: who, on_behalf_of: undefined },
    ...(approver && !isExpired && { user_id: approver }),
  }
}
