/** Traceloop's OpenLLMetry: its decorators, its association properties, and the flattened prompts of its older versions. */
import type { Dialect, Operation } from '../dialect.ts'
import { gather } from '../flattened.ts'
import { toMessages } from '../message.ts'
import type { AttributeValue, Span } from '../span.ts'
import { isGiven, parse, pick, toMembers, toWord } from '../values.ts'

const KIND = 'traceloop.span.kind'

/** Its tasks are the steps of a workflow. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...{ workflow: 'task', agent: 'agent', tool: 'tool', task: 'node', session: 'node', unknown: 'node' },
}

const ofAssociation = (...names: string[]): string[] => names.map((name) => `traceloop.association.properties.${name}`)

export const traceloop: Dialect = {
  operation: ({ attributes }) => pick(OPERATIONS, toWord(attributes[KIND])),
  lifts: {
    session_id: ofAssociation('session_id', 'chat_id', 'thread_id'),
    user_id: ofAssociation('user_id', 'userId'),
    project_id: ofAssociation('project_id', 'projectId'),
    agent_name: [toEntity('agent')],
    task_name: [toEntity('workflow'), 'traceloop.workflow.name'],
    tool_name: [toEntity('tool')],
    tool_arguments: [toArguments],
    tool_result: [toResult],
    model: ['llm.response.model', 'llm.request.model'],
    input_tokens: ['llm.usage.prompt_tokens'],
    output_tokens: ['llm.usage.completion_tokens'],
    finish_reason: ['gen_ai.completion.0.finish_reason'],
    input: ['traceloop.entity.input'],
    output: ['traceloop.entity.output'],
  },
  messages({ attributes }) {
    const input = gather(attributes, 'gen_ai.prompt.')
    const output = gather(attributes, 'gen_ai.completion.')
    if (!input && !output) return undefined
    return { input: toMessages(input, 'user'), output: toMessages(output, 'assistant') }
  },
}

function toEntity(kind: string): (span: Span) => AttributeValue | undefined {
  return ({ attributes }) => (attributes[KIND] === kind ? attributes['traceloop.entity.name'] : undefined)
}

/** Those of a call over MCP have the name of the tool beside them. */
function toArguments({ attributes }: Span): AttributeValue | undefined {
  const input = attributes['traceloop.entity.input']
  const members = toMembers(input)
  return isGiven(members.tool_name) && 'arguments' in members ? members.arguments : parse(input)
}

function toResult({ attributes }: Span): AttributeValue | undefined {
  const output = attributes['traceloop.entity.output']
  return toMembers(output).result ?? parse(output)
}
