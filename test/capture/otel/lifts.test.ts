/** Columns and where they come from, in whichever dialect. */
import { describe, expect, test } from '@jest/globals'
import { liftNumber, liftText, liftValue } from '../../../src/capture/otel/lifts.ts'
import type { Attributes } from '../../../src/capture/otel/span.ts'
import { span } from './spans.ts'

const of = (attributes: Attributes, name = 'x') => span({ attributes, name })
const KIND = 'openinference.span.kind'

/** In the order in which they count. */
const TEXTS = {
  session_id: [
    ...['gen_ai.conversation.id', 'session.id', 'langfuse.session.id', 'langfuse.trace.session_id'],
    ...['session_id', 'chat_id', 'thread_id'].map((name) => `traceloop.association.properties.${name}`),
    ...['ai.settings.context.sessionId', 'ai.telemetry.metadata.sessionId', 'mcp.session.id'],
  ],
  user_id: [
    ...['user.id', 'langfuse.user.id', 'enduser.id', 'enduser.pseudo.id'],
    ...['traceloop.association.properties.user_id', 'traceloop.association.properties.userId'],
    ...['ai.settings.context.userId', 'ai.telemetry.metadata.userId'],
  ],
  agent_id: ['gen_ai.agent.id'],
  agent_name: ['gen_ai.agent.name', 'ai.telemetry.functionId'],
  tool_name: ['gen_ai.tool.name', 'ai.toolCall.name', 'tool.name'],
  tool_call_id: ['gen_ai.tool.call.id', 'ai.toolCall.id', 'tool_call.id'],
  model: [
    ...['gen_ai.response.model', 'gen_ai.request.model', 'langfuse.observation.model.name', 'ai.response.model'],
    ...['ai.model.id', 'llm.model_name'],
  ],
  provider: ['gen_ai.provider.name', 'gen_ai.system', 'ai.model.provider', 'llm.provider', 'llm.system'],
} as const

describe('text', () => {
  const cases = Object.entries(TEXTS).flatMap(([name, from]) =>
    from.map((one, index) => [name, one, from.slice(index)] as const),
  )
  test.each(cases)('%s is that of %s before those after it', (name, first, rest) => {
    const attributes = Object.fromEntries(rest.map((one) => [one, `of ${one}`]))
    expect(liftText(name as keyof typeof TEXTS, of(attributes))).toBe(`of ${first}`)
  })

  test('that is empty does not count, and a number does', () => {
    expect(liftText('session_id', of({ 'gen_ai.conversation.id': '', 'session.id': 7 }))).toBe('7')
    expect(liftText('session_id', of({ 'session.id': null }))).toBeUndefined()
  })

  test('of OpenInference is in its metadata, as JSON', () => {
    for (const name of ['session_id', 'thread_id', 'conversation_id'])
      expect(liftText('session_id', of({ metadata: JSON.stringify({ [name]: 's' }) }))).toBe('s')
    expect(liftText('user_id', of({ metadata: { user_id: 'ada' } }))).toBe('ada')
    expect(liftText('session_id', of({ metadata: '{"session_id":' }))).toBeUndefined()
  })

  test('of a kind counts for that kind only', () => {
    const entity = { 'traceloop.entity.name': 'e' }
    expect(liftText('agent_name', of({ ...entity, 'traceloop.span.kind': 'agent' }))).toBe('e')
    expect(liftText('tool_name', of({ ...entity, 'traceloop.span.kind': 'tool' }))).toBe('e')
    expect(liftText('tool_name', of({ ...entity, 'traceloop.span.kind': 'agent' }))).toBeUndefined()
    expect(liftText('agent_name', of({ [KIND]: 'AGENT', 'graph.node.id': 'g' }))).toBe('g')
  })

  test('is in the name of a span', () => {
    expect(liftText('tool_name', of({}, 'execute_tool weather'))).toBe('weather')
    expect(liftText('tool_name', of({ [KIND]: 'TOOL' }, 'weather'))).toBe('weather')
    expect(liftText('agent_name', of({}, 'invoke_agent guide'))).toBe('guide')
    for (const toCase of [String, (type: string) => type.toUpperCase()]) {
      const typed = (type: string) => of({ 'langfuse.observation.type': toCase(type) }, 'named')
      expect(liftText('agent_name', typed('agent'))).toBe('named')
      expect(liftText('tool_name', typed('tool'))).toBe('named')
      expect(liftText('task_name', typed('chain'))).toBe('named')
      expect(liftText('tool_name', typed('agent'))).toBeUndefined()
    }
    expect(liftText('agent_name', of({ 'gen_ai.request.model': 'mock' }, 'invoke_agent mock'))).toBeUndefined()
  })
})

describe('numbers', () => {
  test.each([
    ...[{ 'gen_ai.usage.input_tokens': 11 }, { 'gen_ai.usage.prompt_tokens': '11' }, { 'llm.token_count.prompt': 11 }],
    ...[{ 'ai.usage.inputTokens': 11 }, { 'langfuse.observation.usage_details': '{"input":11,"total":18}' }],
  ])('%j are 11 tokens', (attributes) => {
    expect(liftNumber('input_tokens', of(attributes as Attributes))).toBe(11)
  })

  test.each([
    ...[{ 'gen_ai.usage.cost': 0.75 }, { 'llm.cost.total': 0.75 }],
    ...[{ 'langfuse.observation.cost_details': '{"total":0.75}' }],
    ...[{ 'langfuse.observation.cost_details': '{"input":0.25,"output":0.5}' }],
  ])('%j cost 0.75', (attributes) => {
    expect(liftNumber('cost', of(attributes as Attributes))).toBe(0.75)
  })
})

describe('values', () => {
  test.each([
    [{ 'gen_ai.tool.call.arguments': '{"a":1}' }],
    [{ 'gen_ai.tool.call.arguments': { a: 1 } }],
    [{ 'ai.toolCall.args': '{"a":1}' }],
    [{ [KIND]: 'TOOL', 'input.value': '{"a":1}' }],
    [{ 'traceloop.entity.input': '{"a":1}' }],
    [{ 'traceloop.entity.input': '{"tool_name":"t","arguments":{"a":1}}' }],
    [{ 'langfuse.observation.input': '{"a":1}' }],
  ])('%j are arguments, and no text', (attributes) => {
    expect(liftValue('tool_arguments', of(attributes as Attributes))).toEqual({ a: 1 })
  })

  test('text that is no JSON stays text', () => {
    expect(liftValue('tool_result', of({ 'gen_ai.tool.call.result': '[21 degrees' }))).toBe('[21 degrees')
    expect(liftValue('tool_result', of({ 'gen_ai.tool.call.result': '"paid"' }))).toBe('paid')
  })
})
