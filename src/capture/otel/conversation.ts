/** What was said around a call of a model. Its history is sent again with each call, and told once. */
import { HANDOFF_TOOL } from './classify.ts'
import { DIALECTS } from './dialects/dialects.ts'
import { toDigest } from './memory.ts'
import { type Message, type MessagePart, type Messages, toText } from './message.ts'
import type { Span } from './span.ts'
import { type Teller, type Telling, toBase, toEvent, toPayload, toPerson } from './telling.ts'
import { toCallId, toRequest } from './tools.ts'

export const NOTHING_SAID: Messages = { input: [], output: [] }

/** Of the first dialect that tells any. */
export function readMessages(span: Span): Messages {
  for (const { messages } of DIALECTS) {
    const read = messages?.(span)
    if (read && read.input.length + read.output.length > 0) return read
  }
  return NOTHING_SAID
}

/** Of what a person would see: thoughts, calls and their results are told otherwise. */
const toShown = ({ parts }: Message): readonly MessagePart[] =>
  parts.filter(({ type }) => type === 'text' || type === 'other')

const isFromUser = (message: Message): boolean => message.role === 'user' && toShown(message).length > 0

/** A new message of the user is the last one; what comes before was told by earlier calls. */
export function toAsked(teller: Teller, input: readonly Message[], micros: number): Telling[] {
  const last = input.at(-1)
  if (!last || !isFromUser(last)) return []
  return [toAskedBy(teller, last, { micros, position: input.filter(isFromUser).length })]
}

/** The same words at the same place of the conversation are the same message, whoever tells it, and as often as it is retried. */
export function toAskedBy(teller: Teller, message: Message, at: { micros: number; position: number }): Telling {
  const said = toSaid(message)
  const key = `user:${at.position}:${toDigest(JSON.stringify(said.payload))}`
  const base = { ...toBase(teller, at.micros + 1, key), ...toPerson(teller.ids) }
  return { draft: toEvent('MESSAGE_CREATED', { ...base, ...said }), once: [teller.inTrace(key)] }
}

/** Microseconds between events of one moment, so that they keep their order. */
const STEP = 1

/** The answers of a model and the calls they ask for. */
export function toAnswers(teller: Teller, output: readonly Message[], micros: number): Telling[] {
  const parts = output.flatMap((message) => [
    ...(toShown(message).length > 0 ? [{ message }] : []),
    ...message.parts.filter(isCall).map((call) => ({ call })),
  ])
  return parts.map((part, index) => {
    const at = { micros: micros + STEP * (index + 1), ordinal: String(index) }
    return 'message' in part ? toAnswer(teller, part.message, at) : toCalled(teller, part.call, at)
  })
}

interface At {
  readonly micros: number
  readonly ordinal: string
}

/** A hand-over is told by its own span. */
const isCall = ({ type, tool_name = '' }: MessagePart): boolean => type === 'tool_call' && !HANDOFF_TOOL.test(tool_name)

/** Told by this span, by a log record in it, or by a span around it that tells of the same call. */
function toAnswer(teller: Teller, message: Message, { micros }: At): Telling {
  const said = toSaid(message)
  const digest = toDigest(JSON.stringify(said.payload))
  const inSpan = (span_id: string | undefined) => (span_id ? teller.inTrace(`said:${span_id}:${digest}`) : undefined)
  return {
    draft: toEvent('MESSAGE_CREATED', { ...toBase(teller, micros, `said:${digest}`), ...said }),
    once: [inSpan(teller.span_id)],
    also: [inSpan(teller.parent_span_id)],
  }
}

function toCalled(teller: Teller, { tool_call_id, tool_name, value }: MessagePart, { micros, ordinal }: At): Telling {
  const id = tool_call_id ?? `${toCallId(teller.span_id)}_${ordinal}`
  const telling = toRequest(teller, { id, name: tool_name, args: value }, { micros, ordinal: `call:${id}` })
  return { ...telling, onTold: () => teller.trace.open({ id, name: tool_name ?? '', askedMicros: micros }) }
}

function toSaid(message: Message) {
  const text = toText(message)
  return {
    action_description: text || undefined,
    payload: toPayload({ role: message.role, parts: toShown(message) }),
  }
}
