/** Langfuse's own attributes: https://langfuse.com/integrations/native/opentelemetry */
import type { Event } from '../../../event/event.ts'
import type { Dialect, Operation } from '../dialect.ts'
import { toMessages } from '../message.ts'
import type { AttributeValue, Span } from '../span.ts'
import { first, isGiven, pick, toMembers, toNumber, toWord } from '../values.ts'

const TYPE = 'langfuse.observation.type'
const INPUT = 'langfuse.observation.input'
const OUTPUT = 'langfuse.observation.output'

const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...{ generation: 'model', embedding: 'embedding', retriever: 'retrieval', tool: 'tool', agent: 'agent' },
  ...{ chain: 'chain', guardrail: 'guardrail', evaluator: 'score', span: 'node', event: 'node' },
}

/** Of what has not failed. */
const SEVERITIES: Readonly<Record<string, Event['severity']>> = { DEBUG: 'debug', DEFAULT: 'info', WARNING: 'warning' }

/** Its SDKs write it small, its API in capitals. */
const toType = ({ attributes }: Span): string | undefined => toWord(attributes[TYPE])?.toLowerCase()

export const langfuse: Dialect = {
  operation: (span) => pick(OPERATIONS, toType(span)),
  /** It has a level of its own and leaves the status unset. */
  failed: ({ attributes }) => attributes['langfuse.observation.level'] === 'ERROR',
  lifts: {
    session_id: ['langfuse.session.id', 'langfuse.trace.session_id'],
    user_id: ['langfuse.user.id'],
    agent_name: [ifType('agent')],
    task_name: [ifType('chain')],
    tool_name: [ifType('tool')],
    tool_arguments: [INPUT],
    tool_result: [OUTPUT],
    model: ['langfuse.observation.model.name'],
    input_tokens: [ofUsage('input', 'input_tokens', 'prompt_tokens')],
    output_tokens: [ofUsage('output', 'output_tokens', 'completion_tokens')],
    cached_tokens: [ofUsage('input_cached_tokens', 'cache_read_input_tokens', 'input_cache_read')],
    reasoning_tokens: [ofUsage('output_reasoning_tokens', 'reasoning_tokens', 'output_reasoning')],
    cost: [toCost],
    severity: [({ attributes }) => pick(SEVERITIES, toWord(attributes['langfuse.observation.level']))],
    failure: ['langfuse.observation.status_message'],
    input: [INPUT],
    output: [OUTPUT],
  },
  messages(span) {
    if (toType(span) !== 'generation') return undefined
    const { attributes } = span
    return { input: toMessages(attributes[INPUT], 'user'), output: toMessages(attributes[OUTPUT], 'assistant') }
  },
}

function ifType(type: string): (span: Span) => string | undefined {
  return (span) => (toType(span) === type ? span.name : undefined)
}

function ofUsage(...names: string[]): (span: Span) => AttributeValue | undefined {
  return ({ attributes }) => {
    const usage = attributes['langfuse.observation.usage_details']
    return isGiven(usage) ? first(toMembers(usage), ...names) : undefined
  }
}

/** The parts of it are summed where nobody did. */
function toCost({ attributes }: Span): number | undefined {
  const details = attributes['langfuse.observation.cost_details']
  if (!isGiven(details)) return undefined
  const { total, ...parts } = toMembers(details)
  const sums = Object.values(parts).flatMap((part) => toNumber(part) ?? [])
  return toNumber(total) ?? (sums.length > 0 ? sums.reduce((sum, part) => sum + part) : undefined)
}
