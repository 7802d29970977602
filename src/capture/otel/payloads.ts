/** What a span tells beside its columns. */
import { readMessages } from './conversation.ts'
import { LIFTED, liftNumber, liftText, liftValue } from './lifts.ts'
import { toText } from './message.ts'
import type { Attributes, Span } from './span.ts'
import { toPayload } from './telling.ts'
import { isGiven, parse, pick } from './values.ts'

/** Which are told in columns, in the payload, or as events of their own. */
const CONTENT =
  /^(?:gen_ai\.(?:prompt|completion|input\.messages|output\.messages|system_instructions|tool\.definitions)|llm\.(?:input_messages|output_messages|tools|prompts|invocation_parameters|prompt_template)|ai\.(?:prompt|response\.|embedding|values?$)|(?:input|output)\.|embedding\.|retrieval\.documents|reranker\.|traceloop\.entity\.|langfuse\.(?:observation|trace)\.(?:input|output)|daybook\.|exception\.)/

/** Attributes that nothing else tells. */
export const toRest = (attributes: Attributes): object | undefined =>
  toPayload(
    Object.fromEntries(
      Object.entries(attributes)
        .filter(([name, value]) => isGiven(value) && !LIFTED.has(name) && !CONTENT.test(name))
        .map(([name, value]) => [name, parse(value)]),
    ),
  )

/** Numbers by the thousand that tell people nothing. */
const VECTOR = /^ai\.embeddings?$|^embedding\.embeddings\.\d+\.embedding\.vector$/

/** All attributes, with what is JSON in text as JSON. */
export const toAll = (attributes: Attributes): object =>
  Object.fromEntries(
    Object.entries(attributes)
      .filter(([name]) => !VECTOR.test(name))
      .map(([name, value]) => [name, parse(value)]),
  )

/** What was asked last; the conversation before it is told elsewhere. */
export function toInput(span: Span): unknown {
  const last = readMessages(span).input.findLast(({ role }) => role === 'user')
  return (last && toText(last)) || liftValue('input', span)
}

export function toOutput(span: Span): unknown {
  const last = readMessages(span).output.at(-1)
  return (last && toText(last)) || liftValue('output', span)
}

/** How the call of a model went. */
export const toModelFacts = (span: Span): object => ({
  provider: liftText('provider', span),
  finish_reason: toFinishReason(liftText('finish_reason', span)),
  response_id: liftText('response_id', span),
  cached_tokens: liftNumber('cached_tokens', span),
  reasoning_tokens: liftNumber('reasoning_tokens', span),
})

/** Of an agent: the sum of calls that are told themselves, so it is in no column. */
export const toUsage = (span: Span): object | undefined =>
  toPayload({
    input_tokens: liftNumber('input_tokens', span),
    output_tokens: liftNumber('output_tokens', span),
    cost: liftNumber('cost', span),
  })

const FINISH_REASONS: Readonly<Record<string, string>> = {
  ...{ tool_call: 'tool_calls', tool_use: 'tool_calls', function_call: 'tool_calls' },
  ...{ end_turn: 'stop', stop_sequence: 'stop', completed: 'stop', max_tokens: 'length', safety: 'content_filter' },
}

/** Each provider and each library has its own words for it. */
function toFinishReason(reason: string | undefined): string | undefined {
  const word = reason?.toLowerCase().replaceAll('-', '_') ?? ''
  return (pick(FINISH_REASONS, word) ?? word) || undefined
}
