/** Calls of tools: one TOOL_REQUEST each, whether the model's answer or the tool's own span tells of it first. */
import type { Draft } from '../../event/event.ts'
import type { Known, Trace } from './known-trace.ts'
import { liftText, liftValue } from './lifts.ts'
import { toDigest } from './memory.ts'
import type { AttributeValue } from './span.ts'
import { type SpanTeller, type Teller, type Telling, toBase, toEvent, toPayload } from './telling.ts'

interface Call {
  readonly id: string
  readonly name: string | undefined
  readonly args: AttributeValue | undefined
}

/** With a letter before the digits of the span, which alone could be the number of a card. */
export const toCallId = (span_id: string | undefined): string => `call_s${span_id}`

/** A span's call: by its id, else the oldest that a model asked of this tool in this trace, else one of its own. */
export function toCalled(known: Known, span_id: string, trace: Trace): Known & { readonly tool_call_id: string } {
  const asked = trace.take({ id: known.tool_call_id, name: known.tool_name ?? '' })
  return {
    ...known,
    tool_call_id: known.tool_call_id ?? asked?.id ?? toCallId(span_id),
    askedMicros: asked?.askedMicros ?? known.askedMicros,
  }
}

export function toRequest(
  teller: Teller,
  call: Call,
  at: { readonly micros: number; readonly ordinal: string },
): Telling {
  const draft = toEvent('TOOL_REQUEST', {
    ...toBase(teller, at.micros, at.ordinal),
    tool_name: call.name,
    tool_call_id: call.id,
    payload: toPayload({ args: call.args }),
  })
  return { draft, once: toKeys(teller, call) }
}

/**
 * An approved call runs in a later trace of the same session. Ids of calls are not unique in all the world, so there the
 * same id must come with the same call.
 */
const toKeys = ({ inTrace, inSession }: Teller, { id, name, args }: Call): (string | undefined)[] => [
  inTrace(`tool:${id}`),
  inSession(`tool:${id}:${toDigest(JSON.stringify([name, args]))}`),
]

export function toToolStart(teller: SpanTeller): Telling {
  const { span } = teller
  const name = liftText('tool_name', span)
  const call = { id: teller.tool_call_id ?? '', name, args: liftValue('tool_arguments', span) }
  const telling = toRequest(teller, call, { micros: span.startMicros, ordinal: 'start' })
  // Its end has the same id, whatever the span says then and whatever a model asks for in between.
  const onTold = (): void => {
    const known = teller.find(span.span_id)
    if (known) teller.trace.remember(span.span_id, { ...known, tool_call_id: call.id })
  }
  return { ...telling, onTold }
}

/** The columns of its end. */
export function toToolEnd({ span, tool_call_id }: SpanTeller, error: string | undefined): Partial<Draft> {
  const result = liftValue('tool_result', span)
  return {
    tool_name: liftText('tool_name', span),
    tool_call_id,
    payload: toPayload({ error, result }),
  }
}
