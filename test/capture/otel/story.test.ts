/** Which events tell a span, and what is in them. */
import { describe, expect, test } from '@jest/globals'
import type { Attributes } from '../../../src/capture/otel/span.ts'
import { idOf, listen, record, running, span, tell, thrown, traceOf } from './spans.ts'

const op = (name: string, rest: Attributes = {}): Attributes => ({ 'gen_ai.operation.name': name, ...rest })
const AGENT = op('invoke_agent', { 'gen_ai.agent.name': 'guide' })
const toolSpan = (rest: Attributes = {}): Attributes => op('execute_tool', { 'gen_ai.tool.name': 'weather', ...rest })
const asks = (id: string, name = 'weather'): Attributes =>
  op('chat', {
    'gen_ai.output.messages': [
      { role: 'assistant', parts: [{ type: 'tool_call', id, name, arguments: '{"city":"Paris"}' }] },
    ],
  })

describe('a span', () => {
  test.each([
    [op('invoke_agent'), ['AGENT_STARTED', 'AGENT_COMPLETED'], ['AGENT_STARTED', 'AGENT_FAILED']],
    [op('invoke_workflow'), ['TASK_STARTED', 'TASK_COMPLETED'], ['TASK_STARTED', 'TASK_FAILED']],
    [op('execute_tool'), ['TOOL_REQUEST', 'TOOL_RESULT'], ['TOOL_REQUEST', 'TOOL_ERROR']],
    [op('chat'), ['MODEL_CALL'], ['MODEL_ERROR']],
    [op('embeddings'), ['EMBEDDING'], ['EMBEDDING']],
    [op('retrieval'), ['RETRIEVAL'], ['RETRIEVAL']],
    [op('search_memory'), ['MEMORY_ACCESSED'], ['MEMORY_ACCESSED']],
    [op('create_agent'), ['AGENT_CREATED'], ['AGENT_CREATED']],
    [op('plan'), ['TASK_PLANNED'], ['TASK_PLANNED']],
    [{ 'openinference.span.kind': 'GUARDRAIL' }, ['GUARDRAIL_CHECKED'], ['GUARDRAIL_CHECKED']],
    [{ 'openinference.span.kind': 'EVALUATOR' }, ['SCORE_RECORDED'], ['SCORE_RECORDED']],
    [{ 'openinference.span.kind': 'CHAIN' }, ['TASK_STARTED', 'TASK_COMPLETED'], ['TASK_STARTED', 'TASK_FAILED']],
  ])('of %j is told as %j, or as %j', (attributes, good, bad) => {
    expect(tell({ attributes }).types()).toEqual(good)
    const failed = tell({ attributes, status: 'error', status_message: 'no, apiKey=sk-hidden' })
    expect(failed.types()).toEqual(bad)
    expect(failed.story().at(-1)).toMatchObject({
      ...{ status: 'failure', outcome: 'failed', error_code: '_OTHER' },
      payload: { error: 'no, apiKey=[REDACTED]' },
    })
  })

  test('has its start and its end, its time and its place in the trace', () => {
    const { one } = tell({ id: 'a', parent: 'p', ms: 12.5, attributes: AGENT })
    const [started, completed] = [one('AGENT_STARTED'), one('AGENT_COMPLETED')]
    expect(Date.parse(completed.created_at) - Date.parse(started.created_at)).toBe(12)
    expect(started).toMatchObject({
      status: 'in_progress',
      span_id: idOf('a'),
      parent_span_id: idOf('p'),
      service: 'shop',
    })
    expect(completed).toMatchObject({ status: 'success', duration_ms: 12.5, agent_id: 'guide', entity_id: 'guide' })
    expect(started.duration_ms).toBeUndefined()
  })

  test('that nobody knows is a node of the trace, with its attributes', () => {
    const { recorder } = tell({ name: 'SELECT', attributes: { 'db.query': '{"password":"hunter2"}' } })
    expect(recorder.events).toMatchObject([
      { event_type: 'SPAN', action_description: 'SELECT', payload: { 'db.query': { password: '[REDACTED]' } } },
    ])
  })

  test('keeps attributes that nothing else tells as metadata', () => {
    const { one } = tell({ attributes: { ...op('chat'), 'gen_ai.request.temperature': 0.5, 'shop.plan': 'pro' } })
    expect(one('MODEL_CALL').metadata).toMatchObject({ 'gen_ai.request.temperature': 0.5, 'shop.plan': 'pro' })
  })

  test('of ours is told as it is', () => {
    const attributes = { 'daybook.event_type': 'COMMIT', 'daybook.entity_id': 'abc', 'daybook.payload': '{"files":2}' }
    const evil = { 'daybook.tenant_id': 'other', 'daybook.id': 'i' }
    const { recorder } = tell({ attributes: { ...attributes, ...evil } })
    expect(recorder.events).toMatchObject([
      {
        event_type: 'COMMIT',
        category: 'configuration',
        entity_id: 'abc',
        payload: { files: 2 },
        tenant_id: 'default',
      },
    ])
  })

  test('says by its code why it failed: the first that is known', () => {
    const error = { status: 'error', attributes: op('chat') } as const
    const code = (rest: Parameters<typeof span>[0]) => tell({ ...error, ...rest }).one('MODEL_ERROR').error_code
    expect(code({ attributes: op('chat', { 'error.type': 'timeout' }), events: [thrown('x', 'TypeError')] })).toBe(
      'timeout',
    )
    expect(code({ events: [thrown('x', 'TypeError')] })).toBe('TypeError')
    expect(code({ attributes: op('chat', { 'rpc.response.status_code': 'UNAVAILABLE' }) })).toBe('UNAVAILABLE')
    expect(code({ attributes: op('chat', { 'http.response.status_code': 429 }) })).toBe('429')
    expect(code({})).toBe('_OTHER')
  })

  test.each(['tool-calls', 'tool_calls', 'tool_call', 'tool_use', 'function_call'])('finishes with %s', (reason) => {
    const { one } = tell({ attributes: op('chat', { 'gen_ai.response.finish_reasons': [reason] }) })
    expect(one('MODEL_CALL').payload).toMatchObject({ finish_reason: 'tool_calls' })
  })
})

describe('tokens', () => {
  test('are in columns where they are used, and a sum in the payload of an agent', () => {
    const used = { 'gen_ai.usage.input_tokens': 20, 'gen_ai.usage.output_tokens': 10, 'gen_ai.usage.cost': 0.5 }
    const column = { input_tokens: 20, output_tokens: 10, cost: 0.5 }
    expect(tell({ attributes: op('chat', used) }).one('MODEL_CALL')).toMatchObject(column)
    for (const name of ['invoke_agent', 'invoke_workflow']) {
      const { recorder } = tell({ attributes: op(name, used) })
      for (const event of recorder.events) expect(event).not.toHaveProperty('input_tokens')
    }
    expect(tell({ attributes: op('invoke_agent', used) }).one('AGENT_COMPLETED').payload).toMatchObject({
      usage: column,
    })
  })
})

describe('a call of a tool', () => {
  test('is asked for once, by the model or by its span, whichever came first', () => {
    const model = span({ id: 'm', parent: 'r', attributes: asks('c') })
    const tool = span({ id: 't', parent: 'r', at: 11, attributes: toolSpan({ 'gen_ai.tool.call.id': 'c' }) })
    for (const batches of [[[model, tool]], [[tool, model]], [[model], [tool]], [[tool], [model]]]) {
      const heard = listen()
      for (const batch of batches) heard.telemetry.spans(batch)
      expect(heard.one('TOOL_REQUEST')).toMatchObject({ tool_call_id: 'c', tool_name: 'weather' })
      expect(heard.one('TOOL_RESULT')).toMatchObject({ tool_call_id: 'c' })
    }
  })

  test('whose span has no id takes that of the oldest open call of this tool', () => {
    const model = (id: string, at: number) => span({ id, at, attributes: asks(id) })
    const tools = ['t1', 't2', 't3'].map((id, index) => span({ id, at: 30 + index, ms: 1, attributes: toolSpan() }))
    const heard = listen()
    heard.telemetry.spans([...tools, model('c1', 0), model('c2', 10)])
    const ids = (type: string) =>
      heard.story().flatMap((event) => (event.event_type === type ? [event.tool_call_id] : []))
    const own = `call_s${idOf('t3')}`
    expect(ids('TOOL_REQUEST')).toEqual(['c1', 'c2', own])
    expect(ids('TOOL_RESULT')).toEqual(['c1', 'c2', own])
  })

  test('that runs in a later trace of the session is asked for once, if it is the same call', () => {
    const later = (city: string) =>
      toolSpan({ 'gen_ai.tool.call.id': 'c', 'gen_ai.tool.call.arguments': `{"city":"${city}"}`, 'session.id': 's' })
    for (const [city, times] of [
      ['Paris', 1],
      ['Rome', 2],
    ] as const) {
      const heard = listen()
      heard.telemetry.spans([span({ id: 'm', attributes: { ...asks('c'), 'session.id': 's' } })])
      heard.telemetry.spans([span({ id: 't', at: 20, trace_id: traceOf('later'), attributes: later(city) })])
      expect(heard.types().filter((type) => type === 'TOOL_REQUEST')).toHaveLength(times)
    }
  })

  test('of one tenant is none of another', () => {
    const heard = listen()
    for (const tenant of ['acme', 'evil']) heard.telemetry.spans([span({ id: 'm', attributes: asks('c') })], tenant)
    expect(heard.types().filter((type) => type === 'TOOL_REQUEST')).toHaveLength(2)
  })

  test('keeps the id of its start, whatever a model asks for while it runs', () => {
    const heard = listen()
    heard.telemetry.started(running({ id: 't', attributes: toolSpan() }))
    heard.telemetry.spans([span({ id: 'm', attributes: asks('c') })])
    heard.telemetry.spans([span({ id: 't', attributes: toolSpan() })])
    expect(heard.one('TOOL_RESULT').tool_call_id).toBe(`call_s${idOf('t')}`)
  })

  test('of its own id is on record whole, where the span has digits alone', () => {
    const digits = '4111111111111111'
    const asked = { role: 'assistant', parts: [{ type: 'tool_call', name: 'weather' }] }
    const heard = listen()
    for (const attributes of [toolSpan(), op('chat', { 'gen_ai.output.messages': [asked] })])
      heard.telemetry.spans([span({ id: Buffer.from(digits, 'hex').toString(), attributes })])
    const requests = heard.story().filter(({ event_type }) => event_type === 'TOOL_REQUEST')
    expect(requests.map(({ tool_call_id }) => tool_call_id)).toEqual([`call_s${digits}`, `call_s${digits}_0`])
  })

  test('over MCP below the framework that makes it is one call', () => {
    const heard = listen()
    heard.telemetry.spans([
      span({
        id: 'mcp',
        parent: 't',
        at: 1,
        ms: 5,
        kind: 'client',
        attributes: toolSpan({ 'mcp.method.name': 'tools/call' }),
      }),
      span({ id: 't', attributes: toolSpan({ 'gen_ai.tool.call.id': 'c' }) }),
    ])
    expect(heard.types()).toEqual(['TOOL_REQUEST', 'TOOL_RESULT'])
  })

  test('that hands over is a switch and no call', () => {
    const heard = listen()
    const attributes = op('execute_tool', { 'gen_ai.tool.name': 'transfer_to_billing', 'gen_ai.tool.call.id': 'c' })
    heard.telemetry.spans([
      span({ id: 'm', parent: 'a', at: 1, ms: 1, attributes: asks('c', 'transfer_to_billing') }),
      span({ id: 't', parent: 'a', at: 3, ms: 1, attributes }),
      span({ id: 'a', attributes: AGENT }),
    ])
    expect(heard.types()).toEqual(['AGENT_STARTED', 'MODEL_CALL', 'AGENT_SWITCHED', 'AGENT_COMPLETED'])
    expect(heard.one('AGENT_SWITCHED')).toMatchObject({
      ...{ agent_id: 'guide', entity_type: 'agent', entity_id: 'billing', payload: { from: 'guide', to: 'billing' } },
    })
    const named = {
      'openinference.span.kind': 'TOOL',
      'input.value': '{"from_agent":"a"}',
      'output.value': '{"to_agent":"b"}',
    }
    expect(tell({ name: 'handoff to b', attributes: named }).one('AGENT_SWITCHED').payload).toEqual({
      from: 'a',
      to: 'b',
    })
  })
})

describe('ids', () => {
  const IDS = { 'session.id': 's', 'user.id': 'ada', 'project.id': 'p', 'gen_ai.agent.name': 'guide' }
  const top = span({ id: 'top', attributes: { ...op('invoke_agent'), ...IDS } })
  const middle = span({ id: 'middle', parent: 'top' })
  const low = span({ id: 'low', parent: 'middle', at: 1, ms: 1, attributes: op('chat') })
  const all = { session_id: 's', user_id: 'ada', project_id: 'p', agent_id: 'guide', on_behalf_of: 'ada' }

  test('are inherited within a batch, whatever its order', () => {
    for (const batch of [
      [top, middle, low],
      [low, middle, top],
      [middle, low, top],
    ]) {
      const heard = listen()
      heard.telemetry.spans(batch)
      expect(heard.one('MODEL_CALL')).toMatchObject(all)
    }
  })

  test('are inherited from what came before, and from what runs', () => {
    const heard = listen()
    heard.telemetry.spans([top])
    heard.telemetry.spans([middle])
    heard.telemetry.spans([low])
    expect(heard.one('MODEL_CALL')).toMatchObject(all)
    const live = listen()
    live.telemetry.started(running({ ...top, id: 'top' }))
    live.telemetry.started(running({ ...middle, id: 'middle', parent: 'top' }))
    live.telemetry.spans([low])
    expect(live.one('MODEL_CALL')).toMatchObject(all)
  })

  test('of a nearer span count before those of a farther one, and those of the process last', () => {
    const heard = listen()
    const inner = span({
      id: 'middle',
      parent: 'top',
      attributes: op('invoke_agent', { 'gen_ai.agent.id': 'a-7', 'session.id': 's2' }),
    })
    heard.telemetry.spans([low, inner, top])
    expect(heard.one('MODEL_CALL')).toMatchObject({ ...all, session_id: 's2', agent_id: 'a-7' })
    const resource = { 'session.id': 'of the process' }
    expect(tell({ attributes: op('chat'), resource }).one('MODEL_CALL').session_id).toBe('of the process')
  })

  test('of another tenant are not inherited, though the trace has the same id', () => {
    const heard = listen()
    heard.telemetry.spans([top, middle], 'acme')
    heard.telemetry.spans([low], 'evil')
    const { session_id, user_id, tenant_id } = heard.one('MODEL_CALL')
    expect({ session_id, user_id, tenant_id }).toEqual({ session_id: undefined, user_id: undefined, tenant_id: 'evil' })
  })

  test('go round in no ring', () => {
    const heard = listen()
    heard.telemetry.spans([
      span({ id: 'a', parent: 'b' }),
      span({ id: 'b', parent: 'a' }),
      span({ id: 'c', parent: 'c' }),
    ])
    expect(heard.recorder.events).toHaveLength(3)
  })
})

describe('a chain', () => {
  const chain = { 'openinference.span.kind': 'CHAIN' }
  const server = { kind: 'server', attributes: { 'http.request.method': 'POST' } } as const

  test('is a task below nothing, and below the request that it serves', () => {
    const heard = listen()
    heard.telemetry.spans([
      span({ id: 'c', parent: 'n', attributes: chain }),
      span({ id: 'n', parent: 'r' }),
      span({ id: 'r', parent: 'remote', ...server }),
    ])
    expect(heard.types().sort()).toEqual(['API_REQUEST', 'TASK_COMPLETED', 'TASK_STARTED'])
  })

  test('is a node below another, below an agent, and below what nobody knows', () => {
    const heard = listen()
    heard.telemetry.spans([span({ id: 'c', parent: 'a', attributes: chain }), span({ id: 'a', attributes: AGENT })])
    heard.telemetry.spans([span({ id: 'x', parent: 'unknown', attributes: chain })])
    expect(heard.types()).toEqual(['AGENT_STARTED', 'AGENT_COMPLETED'])
  })
})

describe('a span that has started', () => {
  test.each([
    [AGENT, 'AGENT_STARTED', 'AGENT_COMPLETED'],
    [op('invoke_workflow'), 'TASK_STARTED', 'TASK_COMPLETED'],
    [toolSpan(), 'TOOL_REQUEST', 'TOOL_RESULT'],
  ])('of %j is told at once as %s, and at its end only as %s', (attributes, start, end) => {
    const heard = listen()
    heard.telemetry.started(running({ id: 'a', attributes }))
    heard.telemetry.started(running({ id: 'a', attributes }))
    expect(heard.types()).toEqual([start])
    heard.telemetry.spans([span({ id: 'a', attributes })])
    expect(heard.types()).toEqual([start, end])
    expect(heard.one(end).tool_call_id).toBe(heard.one(start).tool_call_id)
  })

  test('has the id of its start also when the start was forgotten', () => {
    const live = listen({ limits: { traces: 1, bytes: 0, traceBytes: 0, told: 0 } })
    live.telemetry.started(running({ id: 'a', attributes: AGENT }))
    live.telemetry.spans([span({ id: 'a', attributes: AGENT })])
    const ids = live.recorder.events.filter(({ event_type }) => event_type === 'AGENT_STARTED').map(({ id }) => id)
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })
})

describe('an export that comes again', () => {
  const batch = [
    span({ id: 'm', parent: 'a', at: 1, ms: 5, attributes: asks('c') }),
    span({
      id: 't',
      parent: 'a',
      at: 7,
      ms: 1,
      attributes: toolSpan(),
      status: 'error',
      events: [thrown('no', 'TypeError')],
    }),
    span({ id: 'a', attributes: { ...AGENT, 'session.id': 's' } }),
  ]
  const ids = ({ recorder }: ReturnType<typeof listen>) => [...recorder.events, ...recorder.errors].map(({ id }) => id)

  test('to another process makes the same events and errors', () => {
    const [here, there] = [listen(), listen()]
    here.telemetry.spans(batch)
    there.telemetry.spans(batch)
    expect(ids(there)).toEqual(ids(here))
    expect(new Set(ids(here)).size).toBe(ids(here).length)
  })

  test('makes none that are new', () => {
    const heard = listen()
    heard.telemetry.spans(batch)
    const known = new Set(ids(heard))
    heard.telemetry.spans(batch)
    expect(new Set(ids(heard))).toEqual(known)
  })

  test('because there was no room brings what was missing, and counts it', () => {
    const heard = listen()
    const { event, error } = heard.recorder
    Object.assign(heard.recorder, { event: () => undefined, error: () => undefined })
    expect(heard.telemetry.spans(batch)).toBe(7)
    Object.assign(heard.recorder, { event, error })
    expect(heard.telemetry.spans(batch)).toBe(0)
    expect(heard.types()).toEqual(['AGENT_STARTED', 'MODEL_CALL', 'TOOL_REQUEST', 'TOOL_ERROR', 'AGENT_COMPLETED'])
    expect(heard.recorder.errors).toHaveLength(1)
  })
})

describe('clocks that are off by less than a millisecond', () => {
  test('do not end an agent before its last call, nor a tool before it was asked for', () => {
    const heard = listen()
    heard.telemetry.spans([
      span({ id: 'a', at: 0, ms: 20.1, attributes: AGENT }),
      span({ id: 'm', parent: 'a', at: 1, ms: 9.9, attributes: asks('c') }),
      span({ id: 't', parent: 'a', at: 10.5, ms: 0.45, attributes: toolSpan({ 'gen_ai.tool.call.id': 'c' }) }),
      span({ id: 'm2', parent: 'a', at: 12, ms: 8.9, attributes: op('chat') }),
    ])
    expect(heard.types().slice(-2)).toEqual(['MODEL_CALL', 'AGENT_COMPLETED'])
    const live = listen()
    live.telemetry.spans([span({ id: 'm', parent: 'a', at: 1, ms: 9.9, attributes: asks('c') })])
    live.telemetry.spans([span({ id: 't', parent: 'a', at: 10, ms: 0.45, attributes: toolSpan() })])
    expect(live.types()).toEqual(['MODEL_CALL', 'TOOL_REQUEST', 'TOOL_RESULT'])
  })
})

describe('a request', () => {
  const server = (code: number, rest: Parameters<typeof span>[0] = {}) =>
    tell({
      ...{ kind: 'server', status: 'unset', ...rest },
      attributes: { 'http.request.method': 'GET', 'url.path': '/x', 'http.response.status_code': code },
    })

  test('is an error when the server failed, and not when the client did', () => {
    expect(server(200).types()).toEqual(['API_REQUEST'])
    expect(server(500, { status: 'error' }).one('API_ERROR')).toMatchObject({
      status_code: 500,
      error_code: 'HTTP_500',
    })
    const broken = { 'http.request.method': 'GET', 'error.type': 'ECONNRESET' }
    expect(tell({ kind: 'server', attributes: broken }).types()).toEqual(['API_ERROR'])
    const refused = server(404, { status: 'error', events: [thrown('no', 'NotFound')] })
    expect(refused.one('API_REQUEST')).toMatchObject({ status: 'failure', status_code: 404, error_code: 'HTTP_404' })
    expect(refused.recorder.errors).toEqual([])
  })

  test('that the middleware has told is told by it alone, and still hands its ids down', () => {
    const heard = listen({ isCaptured: (id) => id === span({ id: 'r' }).span_id })
    const attributes = { 'http.request.method': 'GET', 'session.id': 's' }
    heard.telemetry.spans([
      span({ id: 'm', parent: 'r', attributes: op('chat') }),
      span({ id: 'r', name: 'GET /x', kind: 'server', attributes }),
    ])
    expect(heard.types()).toEqual(['MODEL_CALL'])
    expect(heard.one('MODEL_CALL').session_id).toBe('s')
  })
})

describe('what can’t be read', () => {
  test('takes nothing else with it, and is counted', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const heard = listen()
    const attributes = { 'openinference.span.kind': 'LLM', 'llm.output_messages.0.message.content': deep }
    expect(() =>
      heard.telemetry.spans([
        span({ id: 'bad', attributes: { ...toolSpan(), 'gen_ai.tool.call.arguments': deep, 'session.id': 's' } }),
        span({ id: 'odd', attributes: { ...attributes, metadata: '{"__proto__":{"session_id":"x"}}' } }),
        span({ id: 'good', attributes: op('chat') }),
      ]),
    ).not.toThrow()
    expect(heard.types()).toContain('MODEL_CALL')
    heard.telemetry.logs([record({ body: { a: 1 } })])
    expect(heard.types()).toContain('LOG')
    expect(({} as { session_id?: string }).session_id).toBeUndefined()
  })
})
