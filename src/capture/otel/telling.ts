/** One event that is about to be told of a span or log record, and whom it is told of. */
import type { Draft } from '../../event/event.ts'
import { APPROVAL, STEPS } from '../agent/steps.ts'
import { createFamily, type Table } from '../family.ts'
import type { Operation } from './dialect.ts'
import type { Find } from './kin.ts'
import type { Ids, Trace } from './known-trace.ts'
import type { Source, Span } from './span.ts'
import { toWord } from './values.ts'

export interface Telling {
  readonly draft: Draft
  /** It is not told when one of these was, and afterwards they all are, and `also`. */
  readonly once?: readonly (string | undefined)[]
  readonly also?: readonly (string | undefined)[]
  /** When it is on record. */
  readonly onTold?: () => void
}

/** What tells: a span, or a log record in one. */
export interface Teller extends Source {
  readonly trace_id: string | undefined
  readonly span_id: string | undefined
  readonly parent_span_id: string | undefined
  readonly ids: Ids
  readonly trace: Trace
  readonly find: Find
  /** What is told once of its trace, and of its session; undefined for what is in none. */
  readonly inTrace: (key: string) => string | undefined
  readonly inSession: (key: string) => string | undefined
}

export interface SpanTeller extends Teller {
  readonly span: Span
  readonly operation: Operation
  /** What the span is by itself: `operation` is a node when something else tells the same. */
  readonly own_operation: Operation
  readonly tool_call_id: string | undefined
  readonly endMicros: number
}

const TYPES: Table[string] = Object.assign({}, ...Object.values(STEPS), ...Object.values(APPROVAL))
const say = createFamily(TYPES)

/** With the columns that each type of agents' events has, unless they are given. */
export const toEvent = (event_type: string, columns: Partial<Draft>): Draft =>
  Object.hasOwn(TYPES, event_type) ? say({ ...columns, event_type }) : { ...columns, event_type }

/** Columns of everything that it tells, with an id that is the same when it is told again. */
export function toBase(teller: Teller, micros: number, ordinal: string): Partial<Draft> {
  const { trace_id, span_id, parent_span_id, ids } = teller
  return {
    ...toSender(teller),
    ...toActor(ids),
    created_at: micros / 1000,
    trace_id,
    span_id,
    parent_span_id,
    idempotency_key: `otel:${trace_id ?? ''}:${span_id ?? ''}:${ordinal}`,
  }
}

/** What an agent does, it does for the user. */
export const toActor = ({ session_id, user_id, project_id, agent_id }: Ids): Partial<Draft> => ({
  ...{ session_id, user_id, project_id, agent_id },
  ...(agent_id && { actor_type: 'agent', ...(user_id && { on_behalf_of: user_id }) }),
})

export const toPerson = ({ user_id }: Ids): Partial<Draft> => ({
  actor_type: 'user',
  actor_id: user_id,
  on_behalf_of: undefined,
})

/** The process that made it. */
export const toSender = ({ resource }: Source): Pick<Draft, 'service' | 'host'> => ({
  service: toWord(resource['service.name']),
  host: toWord(resource['host.name']),
})

/** Members that say something; undefined when none does. */
export function toPayload(members: object): object | undefined {
  const given = Object.entries(members).filter(([, value]) => value !== undefined && value !== null)
  return given.length > 0 ? Object.fromEntries(given) : undefined
}
