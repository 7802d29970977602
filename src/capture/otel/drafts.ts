/** A span → the events that tell it: one when it starts, where that is known or worth a row, and those of its end. */
import { SEVERITIES } from '../../event/columns.ts'
import type { Draft } from '../../event/event.ts'
import { toVerdict } from '../express/verdict.ts'
import { toApprovals, toInterrupted } from './approvals.ts'
import { hasFailed, toTakingOver } from './classify.ts'
import { NOTHING_SAID, readMessages, toAnswers, toAsked } from './conversation.ts'
import { toRequestFields } from './dialects/http.ts'
import { toOwn, toOwnApproval } from './dialects/own.ts'
import { LEAVES } from './kin.ts'
import { liftNumber, liftText } from './lifts.ts'
import { toAll, toInput, toModelFacts, toOutput, toRest, toUsage } from './payloads.ts'
import type { Span, SpanEvent } from './span.ts'
import { type SpanTeller, type Telling, toBase, toEvent, toPayload } from './telling.ts'
import { toExceptions, toReason, toSpanInterrupt, toThrown } from './thrown.ts'
import { toToolEnd, toToolStart } from './tools.ts'
import { toNumber, toWord } from './values.ts'

/** The event of its start; told by itself while the span runs. */
export function toStart(teller: SpanTeller): Telling[] {
  const telling = toStartOf(teller)
  if (!telling) return []
  return [{ ...telling, once: [teller.inTrace(`start:${teller.span_id}`), ...(telling.once ?? [])] }]
}

function toStartOf(teller: SpanTeller): Telling | undefined {
  const { operation, span } = teller
  if (operation === 'tool') return toToolStart(teller)
  if (operation !== 'agent' && operation !== 'task') return undefined
  const columns = { ...toSubject(teller), payload: toPayload({ ...toNames(teller), input: toInput(span) }) }
  const event_type = operation === 'agent' ? 'AGENT_STARTED' : 'TASK_STARTED'
  return { draft: toEvent(event_type, { ...toBase(teller, span.startMicros, 'start'), ...columns }) }
}

/** All that a finished span tells, in order. */
export function toStory(teller: SpanTeller): Telling[] {
  const { span, own_operation, endMicros } = teller
  const isTalk = own_operation === 'model' || own_operation === 'agent'
  const { input, output } = isTalk ? readMessages(span) : NOTHING_SAID
  const isModel = own_operation === 'model'
  return [
    ...toStart(teller),
    ...toApprovals(teller, input),
    ...(isModel ? toAsked(teller, input, span.startMicros) : []),
    ...toEnd(teller),
    ...(isModel ? toAnswers(teller, output, endMicros) : []),
    ...toInterrupted(teller, toSpanInterrupt(span), endMicros),
    ...span.events.flatMap((event, at) => toOwnTelling(teller, event, at) ?? []),
  ]
}

/** An approval that is told by the name we gave it. */
function toOwnTelling(teller: SpanTeller, { name, attributes, micros }: SpanEvent, at: number): Telling | undefined {
  const approval = toOwnApproval(name, attributes)
  // Two may have one time: clocks of SDKs tick in milliseconds.
  const base = toBase(teller, micros, `${name}:${at}`)
  return approval && { draft: toEvent(approval.event_type, { ...base, ...approval }) }
}

/** Types of the end, and of an end that is a failure. */
const ENDS: Readonly<Partial<Record<SpanTeller['operation'], readonly [string, string?]>>> = {
  agent: ['AGENT_COMPLETED', 'AGENT_FAILED'],
  agent_created: ['AGENT_CREATED'],
  task: ['TASK_COMPLETED', 'TASK_FAILED'],
  plan: ['TASK_PLANNED'],
  model: ['MODEL_CALL', 'MODEL_ERROR'],
  embedding: ['EMBEDDING'],
  retrieval: ['RETRIEVAL'],
  memory: ['MEMORY_ACCESSED'],
  tool: ['TOOL_RESULT', 'TOOL_ERROR'],
  handoff: ['AGENT_SWITCHED'],
  guardrail: ['GUARDRAIL_CHECKED'],
  score: ['SCORE_RECORDED'],
}

function toEnd(teller: SpanTeller): Telling[] {
  const { span, operation, endMicros } = teller
  const base = {
    ...toBase(teller, endMicros, 'end'),
    duration_ms: Math.max(0, (span.endMicros ?? endMicros) - span.startMicros) / 1000,
  }
  const types = ENDS[operation]
  if (operation === 'own') return [{ draft: { ...base, ...(toOwn(span.attributes) ?? { event_type: 'SPAN' }) } }]
  if (operation === 'request') return [{ draft: toRequest(span, base) }]
  const isInterrupted = toSpanInterrupt(span) !== undefined
  const isFailed = !isInterrupted && hasFailed(span)
  if (!types) return [{ draft: toNode(span, { ...base, ...toOutcome(span, isFailed) }) }]
  // It runs again when somebody has answered.
  if (operation === 'tool' && isInterrupted) return []
  const [type, failedType = type] = types
  const columns = { ...toSubject(teller), ...toColumns(teller, isFailed), metadata: toRest(span.attributes) }
  const status = isFailed ? 'failure' : isInterrupted ? 'pending' : undefined
  const said = isFailed ? { error_code: toErrorCode(span) } : toRemark(span)
  return [{ draft: toEvent(isFailed ? failedType : type, { ...base, ...columns, status, ...said }) }]
}

const toRemark = (span: Span): Partial<Draft> => ({
  severity: toSeverity(span),
  comments: liftText('failure', span),
})

function toSeverity(span: Span): Draft['severity'] {
  const said = liftText('severity', span)
  return SEVERITIES.find((one) => one === said)
}

const toOutcome = (span: Span, isFailed: boolean): Partial<Draft> =>
  isFailed
    ? { status: 'failure', severity: 'warning', error_code: toErrorCode(span) }
    : { status: 'success', severity: toSeverity(span) ?? 'debug' }

const toNode = ({ name, attributes }: Span, base: Partial<Draft>): Draft => ({
  ...base,
  event_type: 'SPAN',
  action_description: name,
  payload: toAll(attributes),
})

function toRequest(span: Span, base: Partial<Draft>): Draft {
  const fields = toRequestFields(span)
  const code = toNumber(span.attributes['http.response.status_code'])
  const isRefused = code !== undefined && code >= 400 && code < 500
  return { ...base, ...fields, ...toVerdict(!isRefused && hasFailed(span), code, 'ended') }
}

/** What the event is about, in columns. */
function toSubject({ operation, span, ids }: SpanTeller): Partial<Draft> {
  if (operation === 'agent' || operation === 'agent_created') {
    const model = liftText('model', span)
    return { entity_type: 'agent', entity_id: liftText('agent_name', span) ?? ids.agent_id, model }
  }
  if (operation === 'task') return { entity_type: 'task', entity_id: liftText('task_name', span) ?? span.name }
  if (operation === 'handoff') return { entity_type: 'agent', entity_id: toTakingOver(span) }
  if (!LEAVES.has(operation)) return {}
  const [input_tokens, output_tokens] = [liftNumber('input_tokens', span), liftNumber('output_tokens', span)]
  return { model: liftText('model', span), input_tokens, output_tokens, cost: liftNumber('cost', span) }
}

/** The name of an agent that has an id too. */
const toNames = ({ span, ids }: SpanTeller): object => {
  const agent_name = liftText('agent_name', span)
  return agent_name === ids.agent_id ? {} : { agent_name }
}

function toColumns(teller: SpanTeller, isFailed: boolean): Partial<Draft> {
  const { operation, span, ids } = teller
  const error = isFailed ? toFailure(span) : undefined
  switch (operation) {
    case 'tool':
      return toToolEnd(teller, error)
    case 'model':
      return { payload: toPayload({ ...toModelFacts(span), error }) }
    case 'embedding':
      return { payload: toPayload({ ...toModelFacts(span), input: toInput(span), error }) }
    case 'handoff': {
      const from = liftText('from_agent', span) ?? ids.agent_id
      return { payload: toPayload({ from, to: toTakingOver(span), error }) }
    }
    case 'agent':
      return {
        payload: toPayload({
          ...toNames(teller),
          ...toModelFacts(span),
          output: toOutput(span),
          usage: toUsage(span),
          error,
        }),
      }
    case 'task':
      return { payload: toPayload({ output: toOutput(span), error }) }
    default:
      return { payload: toPayload({ name: span.name, input: toInput(span), output: toOutput(span), error }) }
  }
}

function toFailure(span: Span): string | undefined {
  const [exception] = toExceptions(span)
  const told = toWord(exception?.attributes['exception.message'])
  const reason = [span.status_message, liftText('failure', span), told].find((text) => text)
  return reason && toReason(reason)
}

/** Few of those that fail say so by `error.type`. */
function toErrorCode(span: Span): string {
  const [exception] = toExceptions(span)
  const named = toWord(span.attributes['error.type']) ?? (exception && toThrown(exception.attributes)?.name)
  return named ?? liftText('error_code', span) ?? '_OTHER'
}
