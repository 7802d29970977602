/** OpenInference, as Arize's instrumentations write it: https://arize-ai.github.io/openinference/spec/semantic_conventions.html */
import type { Dialect, Operation } from '../dialect.ts'
import { gather } from '../flattened.ts'
import { toMessages } from '../message.ts'
import type { Attributes, AttributeValue, Span } from '../span.ts'
import { first, isGiven, isList, isObject, parse, pick, toMembers, toWord } from '../values.ts'

const KIND = 'openinference.span.kind'

const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...{ LLM: 'model', EMBEDDING: 'embedding', RETRIEVER: 'retrieval', RERANKER: 'retrieval', TOOL: 'tool' },
  ...{ AGENT: 'agent', CHAIN: 'chain', GUARDRAIL: 'guardrail', EVALUATOR: 'score', PROMPT: 'node', UNKNOWN: 'node' },
}

const toKind = ({ attributes }: Span): string => toWord(attributes[KIND])?.toUpperCase() ?? ''

export const openinference: Dialect = {
  operation: (span) => pick(OPERATIONS, toKind(span)),
  lifts: {
    session_id: [ofMetadata('session_id', 'thread_id', 'conversation_id')],
    user_id: [ofMetadata('user_id')],
    project_id: [ofMetadata('project_id'), 'openinference.project.name'],
    agent_name: [
      'agent.name',
      ifKind('AGENT', ({ attributes }) => attributes['graph.node.id']),
      ifKind('AGENT', toName),
    ],
    task_name: [ifKind('CHAIN', toName)],
    tool_name: ['tool.name', ifKind('TOOL', toName)],
    tool_call_id: ['tool_call.id', 'tool.id', ifKind('TOOL', (span) => toToolMessage(span)?.tool_call_id)],
    tool_arguments: [ifKind('TOOL', toInput), 'tool.parameters'],
    tool_result: [ifKind('TOOL', (span) => toToolMessage(span)?.content), ifKind('TOOL', toOutput)],
    model: ['llm.model_name', 'embedding.model_name', 'reranker.model_name'],
    provider: ['llm.provider', 'llm.system'],
    finish_reason: ['llm.finish_reason'],
    input_tokens: ['llm.token_count.prompt'],
    output_tokens: ['llm.token_count.completion'],
    cached_tokens: ['llm.token_count.prompt_details.cache_read'],
    reasoning_tokens: ['llm.token_count.completion_details.reasoning'],
    cost: ['llm.cost.total'],
    from_agent: [(span) => toMembers(toInput(span)).from_agent],
    to_agent: [(span) => toMembers(toOutput(span)).to_agent],
    input: [toInput],
    output: [({ attributes }) => toDocuments(attributes), toOutput],
  },
  messages({ attributes }) {
    if (!isGiven(attributes[KIND])) return undefined
    const input = gather(attributes, 'llm.input_messages.')
    const output = gather(attributes, 'llm.output_messages.')
    if (!input && !output) return undefined
    return { input: toMessages(unwrap(input), 'user'), output: toMessages(unwrap(output), 'assistant') }
  },
}

function ofMetadata(...names: string[]): (span: Span) => AttributeValue | undefined {
  return ({ attributes }) =>
    isGiven(attributes.metadata) ? first(toMembers(attributes.metadata), ...names) : undefined
}

function ifKind(kind: string, lift: (span: Span) => AttributeValue | undefined) {
  return (span: Span): AttributeValue | undefined => (toKind(span) === kind ? lift(span) : undefined)
}

function toName({ name }: Span): string {
  return name
}

function toInput({ attributes }: Span): AttributeValue | undefined {
  return parse(attributes['input.value'])
}

function toOutput({ attributes }: Span): AttributeValue | undefined {
  return parse(attributes['output.value'])
}

/** A tool of LangChain gives a message, which alone knows the id of its call. */
function toToolMessage(span: Span): Attributes | undefined {
  const whole = toMembers(toOutput(span))
  const message = isObject(whole.output) ? whole.output : whole
  const members = isObject(message.kwargs) ? message.kwargs : message
  return isGiven(members.tool_call_id) ? { ...members, content: parse(members.content) ?? null } : undefined
}

const toDocuments = (attributes: Attributes): AttributeValue | undefined =>
  isGiven(attributes[KIND])
    ? (gather(attributes, 'retrieval.documents.') ?? gather(attributes, 'reranker.output_documents.'))
    : undefined

/** Each item of a list is one level deeper, below its own name. */
const WRAPPERS = ['message', 'message_content', 'tool_call'] as const

function unwrap(value: AttributeValue | undefined): AttributeValue | undefined {
  if (isList(value)) return value.map((item) => unwrap(item) ?? null)
  if (!isObject(value)) return value
  const inner = WRAPPERS.map((name) => value[name]).find(isObject) ?? value
  return Object.fromEntries(Object.entries(inner).map(([name, member]) => [name, unwrap(member)]))
}
