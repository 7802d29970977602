/**
 * OpenTelemetry's own conventions for GenAI, as they are now and as they were until v1.36 (`gen_ai.system`, `gen_ai.prompt`):
 * https://github.com/open-telemetry/semantic-conventions-genai. The new form of the AI SDK speaks them too.
 */
import type { Dialect, Operation } from '../dialect.ts'
import { type Messages, toMessages } from '../message.ts'
import type { Span } from '../span.ts'
import { isGiven, isList, parse, pick, toWord } from '../values.ts'
import { readEvents } from './genai-events.ts'

/** `agent_step` and the audio operations are the AI SDK's. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...{ chat: 'model', text_completion: 'model', completion: 'model', generate_content: 'model', decide: 'model' },
  ...{ embeddings: 'embedding', embedding: 'embedding', retrieval: 'retrieval', rerank: 'retrieval' },
  ...{ invoke_agent: 'agent', create_agent: 'agent_created', invoke_workflow: 'task', task: 'task', plan: 'plan' },
  ...{ execute_tool: 'tool', handoff: 'handoff', run_guardrail: 'guardrail', agent_step: 'node', turn: 'node' },
}

const MEMORY = /^(?:create|delete|update|upsert|search)_memory(?:_store)?$/

export const genai: Dialect = {
  operation({ attributes }) {
    const name = toWord(attributes['gen_ai.operation.name']) ?? ''
    return MEMORY.test(name) ? 'memory' : pick(OPERATIONS, name)
  },
  lifts: {
    session_id: ['gen_ai.conversation.id', 'session.id'],
    user_id: ['user.id'],
    project_id: ['project.id'],
    agent_id: ['gen_ai.agent.id'],
    agent_name: ['gen_ai.agent.name', toAgentName],
    task_name: ['gen_ai.workflow.name', after('invoke_workflow ')],
    tool_name: ['gen_ai.tool.name', after('execute_tool ')],
    tool_call_id: ['gen_ai.tool.call.id'],
    tool_arguments: ['gen_ai.tool.call.arguments'],
    tool_result: ['gen_ai.tool.call.result'],
    model: ['gen_ai.response.model', 'gen_ai.request.model'],
    provider: ['gen_ai.provider.name', 'gen_ai.system'],
    finish_reason: [toFinishReason],
    response_id: ['gen_ai.response.id'],
    input_tokens: ['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens'],
    output_tokens: ['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens'],
    cached_tokens: ['gen_ai.usage.cache_read.input_tokens', 'gen_ai.usage.cache_read_input_tokens'],
    reasoning_tokens: ['gen_ai.usage.reasoning.output_tokens', 'gen_ai.usage.reasoning_tokens'],
    cost: ['gen_ai.usage.cost'],
    error_code: ['error.type'],
    from_agent: ['gen_ai.agent.handoff.source.name'],
    to_agent: ['gen_ai.agent.handoff.target.name'],
    input: ['gen_ai.retrieval.query.text', 'gen_ai.memory.query.text', 'gen_ai.input.messages'],
    output: ['gen_ai.retrieval.documents', 'gen_ai.memory.records', 'gen_ai.output.messages'],
  },
  messages({ attributes, events }): Messages | undefined {
    const input = attributes['gen_ai.input.messages'] ?? attributes['gen_ai.prompt']
    const output = attributes['gen_ai.output.messages'] ?? attributes['gen_ai.completion']
    if (!isGiven(input) && !isGiven(output)) return readEvents(events)
    return { input: toMessages(input, 'user'), output: toMessages(output, 'assistant') }
  },
}

/** `invoke_agent triage`. The AI SDK puts the model there, which is no name of an agent. */
function toAgentName(span: Span): string | undefined {
  const name = after('invoke_agent ')(span)
  return name === toWord(span.attributes['gen_ai.request.model']) ? undefined : name
}

function after(prefix: string): (span: Span) => string | undefined {
  return ({ name }) => (name.startsWith(prefix) ? name.slice(prefix.length) : undefined)
}

/** One for each answer that was asked for, which is one nearly always. */
function toFinishReason({ attributes }: Span): string | undefined {
  const reasons = parse(attributes['gen_ai.response.finish_reasons'])
  return toWord(isList(reasons) ? reasons[0] : reasons)
}
