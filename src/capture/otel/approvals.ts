/** What people were asked and what they said, as far as telemetry tells it. */
import type { Draft } from '../../event/event.ts'
import { isSeen } from './exceptions.ts'
import { above } from './kin.ts'
import { toDigest } from './memory.ts'
import type { Message, MessagePart } from './message.ts'
import { type SpanTeller, type Teller, type Telling, toBase, toEvent, toPayload, toPerson } from './telling.ts'
import type { Interrupt } from './thrown.ts'
import { isList, isObject, parse, toMembers, toWord } from './values.ts'

interface Asked {
  readonly request: MessagePart
  readonly call: MessagePart | undefined
}

/**
 * Of the AI SDK. A question is known when the conversation goes on, in the answer of the model before the decision. What an
 * earlier call was given again has an answer of the model after it, and is not looked at.
 */
export function toApprovals(teller: SpanTeller, input: readonly Message[]): Telling[] {
  const at = input.findLastIndex(({ role }) => role === 'assistant')
  const asked = toAsked(input[at])
  if (asked.length === 0) return []
  const later = input.slice(at + 1).flatMap(({ parts }) => parts)
  const answers = later.filter(({ type }) => type === 'approval_response')
  const micros = toStart(teller)
  return asked.flatMap((one, index) => {
    const answer =
      answers.find(({ approval_id: id }) => id !== undefined && id === one.request.approval_id) ?? answers[index]
    const decision = answer && toDecision(one, answer, later)
    return [toRequired(teller, one, micros + 1), ...(decision ? [toDecided(teller, one, decision, micros + 2)] : [])]
  })
}

/** Without an id of its call it belongs to the call at its place, or to the last one. */
function toAsked(message: Message | undefined): readonly Asked[] {
  const requests = message?.parts.filter(({ type }) => type === 'approval_request') ?? []
  const calls = message?.parts.filter(({ type }) => type === 'tool_call') ?? []
  return requests.map((request, index) => ({
    request,
    call:
      calls.find(({ tool_call_id: id }) => id !== undefined && id === request.tool_call_id) ??
      (calls.length === requests.length ? calls[index] : calls.at(-1)),
  }))
}

interface Decision {
  readonly isGranted: boolean
  readonly reason: string | undefined
}

/** The new form leaves the decision out; what came of the call tells it. */
function toDecision({ call }: Asked, answer: MessagePart, later: readonly MessagePart[]): Decision | undefined {
  if (answer.approved !== undefined) return { isGranted: answer.approved, reason: answer.reason }
  const result = later.find(({ type, tool_call_id: id }) => type === 'tool_result' && id === call?.tool_call_id)
  if (!call || !result) return undefined
  const { denied, type, reason } = toMembers(result.value)
  return { isGranted: denied !== true && type !== 'execution-denied', reason: answer.reason ?? toWord(reason) }
}

/** The agent's start if it is known: the tool runs before the model is called again. */
function toStart({ span, parent_span_id, find }: SpanTeller): number {
  const agent = [...above(parent_span_id, find)].find(({ operation }) => operation === 'agent')
  return Math.min(span.startMicros, agent?.startMicros ?? span.startMicros)
}

const toRequired = (teller: Teller, asked: Asked, micros: number): Telling =>
  tell(teller, { event_type: 'APPROVAL_REQUIRED', micros, asked, columns: {} })

function toDecided(teller: Teller, asked: Asked, { isGranted, reason }: Decision, micros: number): Telling {
  const event_type = isGranted ? 'APPROVAL_GRANTED' : 'APPROVAL_DENIED'
  return tell(teller, { event_type, micros, asked, columns: { ...toPerson(teller.ids), comments: reason } })
}

function tell(
  teller: Teller,
  { event_type, micros, asked, columns }: { event_type: string; micros: number; asked: Asked; columns: Partial<Draft> },
): Telling {
  const { request, call } = asked
  const id = call?.tool_call_id ?? request.tool_call_id ?? request.approval_id ?? ''
  const key = `${event_type}:${id}`
  const draft = toEvent(event_type, {
    ...toBase(teller, micros, key),
    ...columns,
    tool_name: call?.tool_name,
    tool_call_id: call?.tool_call_id ?? request.tool_call_id,
    payload: toPayload({ approval_id: request.approval_id, args: call?.value }),
  })
  return { draft, once: [teller.inTrace(key), teller.inSession(key)] }
}

/** An interrupt of LangGraph asks somebody. It passes through all spans above it. */
export function toInterrupted(teller: Teller, interrupt: Interrupt | undefined, micros: number): Telling[] {
  if (!interrupt?.asks) return []
  const what = toDigest(`interrupt:${interrupt.message}`)
  if (isSeen(teller, { what })) return []
  const asked = parse(interrupt.message)
  const [one] = isList(asked) ? asked : [asked]
  const draft = toEvent('APPROVAL_REQUIRED', {
    ...toBase(teller, micros, 'interrupt'),
    payload: toPayload({ approval_id: isObject(one) ? toWord(one.id) : undefined, interrupt: asked }),
  })
  return [{ draft, onTold: () => teller.trace.see({ span_id: teller.span_id, what }) }]
}
