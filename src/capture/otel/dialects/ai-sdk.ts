/** The AI SDK's legacy form, `ai.*`. Its new form is that of GenAI. */
import type { Dialect, Operation } from '../dialect.ts'
import { type Message, toMessages } from '../message.ts'
import type { Attributes } from '../span.ts'
import { isGiven, isList, parse, toMembers, toWord } from '../values.ts'

/** The first that fits. The outer span of an embedding or a ranking says the same as the inner one. */
const OPERATIONS: readonly (readonly [RegExp, Operation])[] = [
  [/^ai\.toolCall/, 'tool'],
  [/^ai\.\w+\.do(?:Generate|Stream)/, 'model'],
  [/^ai\.\w+\.doEmbed/, 'embedding'],
  [/^ai\.\w+\.doRerank/, 'retrieval'],
  [/^ai\.(?:generate|stream)(?:Text|Object)(?:$|\s)/, 'agent'],
  [/^ai\./, 'node'],
]

export const aiSdk: Dialect = {
  operation({ attributes }) {
    const id = toWord(attributes['ai.operationId'])
    return id === undefined ? undefined : OPERATIONS.find(([prefix]) => prefix.test(id))?.[1]
  },
  lifts: {
    session_id: ['ai.settings.context.sessionId', 'ai.telemetry.metadata.sessionId'],
    user_id: ['ai.settings.context.userId', 'ai.telemetry.metadata.userId'],
    project_id: ['ai.settings.context.projectId', 'ai.telemetry.metadata.projectId'],
    agent_name: ['ai.telemetry.functionId'],
    tool_name: ['ai.toolCall.name'],
    tool_call_id: ['ai.toolCall.id'],
    tool_arguments: ['ai.toolCall.args'],
    tool_result: ['ai.toolCall.result'],
    model: ['ai.response.model', 'ai.model.id'],
    provider: ['ai.model.provider'],
    finish_reason: ['ai.response.finishReason'],
    response_id: ['ai.response.id'],
    input_tokens: ['ai.usage.inputTokens', 'ai.usage.promptTokens', 'ai.usage.tokens'],
    output_tokens: ['ai.usage.outputTokens', 'ai.usage.completionTokens'],
    cached_tokens: ['ai.usage.cachedInputTokens', 'ai.usage.inputTokenDetails.cacheReadTokens'],
    reasoning_tokens: ['ai.usage.reasoningTokens', 'ai.usage.outputTokenDetails.reasoningTokens'],
    input: ['ai.prompt.messages', 'ai.prompt', 'ai.values', 'ai.value', 'ai.documents'],
    output: ['ai.response.text', 'ai.response.object', 'ai.response.toolCalls', 'ai.ranking'],
  },
  messages({ attributes }) {
    if (!isGiven(attributes['ai.operationId'])) return undefined
    return { input: toInput(attributes), output: toOutput(attributes) }
  },
}

function toInput(attributes: Attributes): readonly Message[] {
  const messages = attributes['ai.prompt.messages']
  if (isGiven(messages)) return toMessages(messages, 'user')
  const { prompt, messages: given = prompt } = toMembers(attributes['ai.prompt'])
  return toMessages(given, 'user')
}

function toOutput(attributes: Attributes): readonly Message[] {
  const calls = parse(attributes['ai.response.toolCalls'])
  const said = [attributes['ai.response.text'], attributes['ai.response.object']].find(isGiven)
  return toMessages({ content: said ?? null, tool_calls: isList(calls) ? calls : null }, 'assistant')
}
