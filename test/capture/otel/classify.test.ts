/** What a span is taken for, by rule. */
import { describe, expect, test } from '@jest/globals'
import { toOperation } from '../../../src/capture/otel/classify.ts'
import type { Attributes } from '../../../src/capture/otel/span.ts'
import { span } from './spans.ts'

const of = (attributes: Attributes, rest: Parameters<typeof span>[0] = {}) => toOperation(span({ attributes, ...rest }))

describe('by its own word', () => {
  test.each([
    ...['chat', 'text_completion', 'generate_content', 'completion'].map((name) => [name, 'model']),
    ...['embeddings'].map((name) => [name, 'embedding']),
    ...['retrieval', 'rerank'].map((name) => [name, 'retrieval']),
    ...['create_memory_store', 'search_memory', 'upsert_memory', 'delete_memory'].map((name) => [name, 'memory']),
    ...[
      ['invoke_agent', 'agent'],
      ['create_agent', 'agent_created'],
      ['invoke_workflow', 'task'],
      ['plan', 'plan'],
    ],
    ...[
      ['execute_tool', 'tool'],
      ['run_guardrail', 'guardrail'],
      ['agent_step', 'node'],
      ['of_tomorrow', 'node'],
    ],
  ])('gen_ai.operation.name %s is a %s', (name, operation) => {
    expect(of({ 'gen_ai.operation.name': name as string })).toBe(operation)
  })

  test.each([
    ...[
      ['LLM', 'model'],
      ['EMBEDDING', 'embedding'],
      ['RETRIEVER', 'retrieval'],
      ['RERANKER', 'retrieval'],
    ],
    ...[
      ['TOOL', 'tool'],
      ['AGENT', 'agent'],
      ['CHAIN', 'chain'],
      ['GUARDRAIL', 'guardrail'],
      ['EVALUATOR', 'score'],
    ],
    ...[
      ['PROMPT', 'node'],
      ['UNKNOWN', 'node'],
    ],
  ])('openinference.span.kind %s is a %s', (kind, operation) => {
    expect(of({ 'openinference.span.kind': kind as string })).toBe(operation)
  })

  test.each([
    ...[
      ['generation', 'model'],
      ['embedding', 'embedding'],
      ['retriever', 'retrieval'],
      ['tool', 'tool'],
    ],
    ...[
      ['agent', 'agent'],
      ['chain', 'chain'],
      ['guardrail', 'guardrail'],
      ['evaluator', 'score'],
    ],
    ...[
      ['span', 'node'],
      ['event', 'node'],
    ],
  ])('langfuse.observation.type %s is a %s', (type, operation) => {
    for (const written of [String(type), String(type).toUpperCase()])
      expect(of({ 'langfuse.observation.type': written })).toBe(operation)
  })

  test.each([
    ...[
      ['workflow', 'task'],
      ['agent', 'agent'],
      ['tool', 'tool'],
      ['task', 'node'],
      ['session', 'node'],
    ],
  ])('traceloop.span.kind %s is a %s', (kind, operation) => {
    expect(of({ 'traceloop.span.kind': kind as string })).toBe(operation)
  })

  test.each([
    ...[
      ['ai.generateText', 'agent'],
      ['ai.streamText', 'agent'],
      ['ai.generateObject', 'agent'],
    ],
    ...[
      ['ai.generateText.doGenerate', 'model'],
      ['ai.streamText.doStream', 'model'],
      ['ai.toolCall', 'tool'],
    ],
    ...[
      ['ai.embed', 'node'],
      ['ai.embedMany.doEmbed', 'embedding'],
      ['ai.of.tomorrow', 'node'],
    ],
  ])('ai.operationId %s is a %s', (id, operation) => {
    expect(of({ 'ai.operationId': id as string, 'ai.model.id': 'm' })).toBe(operation)
  })

  test('an MCP call of a tool is one, and other requests of MCP are nodes', () => {
    expect(of({ 'mcp.method.name': 'tools/call' })).toBe('tool')
    expect(of({ 'mcp.method.name': 'tools/list' })).toBe('node')
  })
})

describe('where several rules fit', () => {
  const all = {
    'http.request.method': 'POST',
    'gen_ai.request.model': 'm',
    'gen_ai.tool.name': 't',
    'mcp.method.name': 'tools/list',
    'ai.operationId': 'ai.generateText.doGenerate',
    'traceloop.span.kind': 'workflow',
    'gen_ai.operation.name': 'invoke_agent',
    'openinference.span.kind': 'RETRIEVER',
    'langfuse.observation.type': 'guardrail',
    'daybook.event_type': 'COMMIT',
  }
  const steps = ['request', 'model', 'tool', 'node', 'model', 'task', 'agent', 'retrieval', 'guardrail', 'own']

  test.each(steps.map((operation, index) => [operation, index] as const))(
    '%s is the word of rule %#',
    (operation, index) => {
      const attributes = Object.fromEntries(Object.entries(all).slice(0, index + 1))
      expect(of(attributes, { kind: 'server' })).toBe(operation)
    },
  )

  test('a tool without an operation is one by its name or its call, and a model by its model', () => {
    expect(of({ 'gen_ai.tool.call.id': 'c' })).toBe('tool')
    for (const name of ['gen_ai.response.model', 'llm.model_name', 'ai.model.id', 'langfuse.observation.model.name'])
      expect(of({ [name]: 'm' })).toBe('model')
  })

  test('only the server answers a request', () => {
    expect(of({ 'http.request.method': 'GET' }, { kind: 'client' })).toBe('node')
    expect(of({})).toBe('node')
  })
})

describe('a hand-over', () => {
  test.each([
    [{ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'transfer_to_billing' }, 'x'],
    [{ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'handoff_to_billing' }, 'x'],
    [{ 'openinference.span.kind': 'TOOL' }, 'handoff to billing'],
    [{ 'openinference.span.kind': 'CHAIN' }, 'Handoff to billing'],
    [{ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.agent.handoff.target.name': 'billing' }, 'x'],
  ])('is known by %j named %s', (attributes, name) => {
    expect(of(attributes as Attributes, { name })).toBe('handoff')
  })

  test('is not meant by every tool that transfers', () => {
    expect(of({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'transfer_money' })).toBe('tool')
  })
})
