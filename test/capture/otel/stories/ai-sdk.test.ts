/** The AI SDK itself, with a model that answers from a list: what is on record of its runs. */
import { LegacyOpenTelemetry, OpenTelemetry } from '@ai-sdk/otel'
import { describe, expect, test } from '@jest/globals'
import { SpanKind, trace } from '@opentelemetry/api'
import { embed, generateText, type ModelMessage, stepCountIs, type TelemetryOptions, tool } from 'ai'
import { MockEmbeddingModelV4, MockLanguageModelV4 } from 'ai/test'
import { z } from 'zod'
import { createTracing, WAYS } from './tracing.ts'

type Answer = Awaited<ReturnType<MockLanguageModelV4['doGenerate']>>

const answer = (content: Answer['content'], unified: 'stop' | 'tool-calls', raw: string): Answer => ({
  ...{ content, finishReason: { unified, raw }, warnings: [] },
  usage: {
    inputTokens: { total: 10, noCache: 7, cacheRead: 3, cacheWrite: 0 },
    outputTokens: { total: 5, text: 5, reasoning: 0 },
  },
})
const says = (text: string) => answer([{ type: 'text', text }], 'stop', 'stop')
const calls = (toolName: string, input: object) =>
  answer(
    [{ type: 'tool-call', toolCallId: `call_${toolName}`, toolName, input: JSON.stringify(input) }],
    'tool-calls',
    'tool_calls',
  )

const tools = {
  weather: tool({
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => ({ city, celsius: 21, apiKey: 'not for the log' }),
  }),
  broken: tool({
    inputSchema: z.object({}),
    execute: async (): Promise<string> => {
      throw new TypeError('no such city, apiKey=sk-hidden')
    },
  }),
  pay: tool({ inputSchema: z.object({ amount: z.number() }), needsApproval: true, execute: async () => 'paid' }),
}

type Form = 'new' | 'legacy'

/** A request of a user in a session, in which an agent runs. */
async function run(form: Form, work: (telemetry: TelemetryOptions) => Promise<unknown>) {
  const tracing = createTracing()
  const tracer = tracing.provider.getTracer('ai')
  const integrations = form === 'new' ? new OpenTelemetry({ tracer }) : new LegacyOpenTelemetry({ tracer })
  const attributes = { 'http.request.method': 'POST', 'url.path': '/chat', 'session.id': 's-1', 'user.id': 'ada' }
  await trace
    .getTracer('http')
    .startActiveSpan('POST /chat', { kind: SpanKind.SERVER, attributes }, async (request) => {
      await work({ functionId: 'guide', integrations }).catch(() => undefined)
      request.setAttribute('http.response.status_code', 200).end()
    })
  return tracing
}

const ask = (telemetry: TelemetryOptions, answers: Answer[], messages: ModelMessage[]) =>
  generateText({
    ...{ model: new MockLanguageModelV4({ modelId: 'mock-1', doGenerate: answers }), tools, messages, telemetry },
    stopWhen: stepCountIs(5),
  })

const user = (content: string): ModelMessage => ({ role: 'user', content })

const FORMS: readonly Form[] = ['new', 'legacy']
const CASES = FORMS.flatMap((form) => WAYS.map((way) => [form, way] as const))

describe.each(CASES)('the %s form of the AI SDK, told %s', (form, way) => {
  test('is the story of an agent that calls a tool and answers', async () => {
    const tracing = await run(form, (telemetry) =>
      ask(telemetry, [calls('weather', { city: 'Paris' }), says('It is 21 degrees.')], [user('How warm is Paris?')]),
    )
    const { types, story, one, recorder } = tracing.tell(way)
    expect(types()).toEqual([
      ...['AGENT_STARTED', 'MESSAGE_CREATED', 'MODEL_CALL', 'TOOL_REQUEST', 'TOOL_RESULT'].toSorted(byPlace(form)),
      ...['MODEL_CALL', 'MESSAGE_CREATED', 'AGENT_COMPLETED', 'API_REQUEST'],
    ])
    for (const event of story()) expect(event).toMatchObject({ session_id: 's-1', user_id: 'ada' })
    const byAgent = { agent_id: 'guide', actor_type: 'agent', actor_id: 'guide', on_behalf_of: 'ada' }
    const call = { tool_name: 'weather', tool_call_id: 'call_weather' }
    expect(one('TOOL_REQUEST')).toMatchObject({ ...byAgent, ...call, payload: { args: { city: 'Paris' } } })
    expect(one('TOOL_RESULT')).toMatchObject({
      ...{ ...byAgent, ...call, status: 'success', duration_ms: expect.any(Number) },
      payload: { result: { city: 'Paris', celsius: 21, apiKey: '[REDACTED]' } },
    })
    const messages = story().filter(({ event_type }) => event_type === 'MESSAGE_CREATED')
    expect(messages).toMatchObject([
      { action_description: 'How warm is Paris?', actor_type: 'user', actor_id: 'ada', payload: { role: 'user' } },
      { ...byAgent, action_description: 'It is 21 degrees.', payload: { role: 'assistant' } },
    ])
    const models = story().filter(({ event_type }) => event_type === 'MODEL_CALL')
    const tokens = { model: 'mock-1', input_tokens: 10, output_tokens: 5 }
    expect(models).toMatchObject([
      { ...tokens, payload: { finish_reason: 'tool_calls', cached_tokens: 3, provider: 'mock-provider' } },
      { ...tokens, payload: { finish_reason: 'stop' } },
    ])
    expect(one('AGENT_STARTED')).toMatchObject({ status: 'in_progress', payload: { input: 'How warm is Paris?' } })
    expect(one('AGENT_COMPLETED')).toMatchObject({
      payload: { output: 'It is 21 degrees.', usage: { input_tokens: 20, output_tokens: 10 } },
    })
    const summed = recorder.events.reduce((sum, { input_tokens = 0 }) => sum + input_tokens, 0)
    expect(summed).toBe(20)
    expect(JSON.stringify(recorder)).not.toContain('not for the log')
  })

  test('tells a tool that fails as one failure and one error', async () => {
    const tracing = await run(form, (telemetry) => ask(telemetry, [calls('broken', {}), says('Sorry.')], [user('Go')]))
    const { types, one, recorder } = tracing.tell(way)
    expect(types().filter((type) => /ERROR|FAILED/.test(type))).toEqual(['TOOL_ERROR'])
    const failed = one('TOOL_ERROR')
    expect(failed).toMatchObject({ status: 'failure', error_code: 'TypeError', tool_call_id: 'call_broken' })
    expect(one('TOOL_REQUEST')).toMatchObject({ tool_call_id: 'call_broken' })
    expect(recorder.errors).toMatchObject([
      { error_type: 'TypeError', event_id: failed.id, session_id: 's-1', span_id: failed.span_id },
    ])
    expect(JSON.stringify(recorder)).not.toContain('sk-hidden')
  })

  test('tells a model that fails once as an error, though each span above it records it again', async () => {
    const model = new MockLanguageModelV4({
      modelId: 'mock-1',
      doGenerate: async () => {
        throw new Error('the provider is down')
      },
    })
    const tracing = await run(form, (telemetry) => generateText({ model, maxRetries: 0, prompt: 'Hi', telemetry }))
    const { types, one, recorder } = tracing.tell(way)
    expect(types()).toEqual(['AGENT_STARTED', 'MESSAGE_CREATED', 'MODEL_ERROR', 'AGENT_FAILED', 'API_REQUEST'])
    expect(one('MODEL_ERROR')).toMatchObject({ payload: { error: 'the provider is down' }, model: 'mock-1' })
    expect(recorder.errors).toMatchObject([{ message: 'the provider is down', agent_id: 'guide' }])
  })

  test.each([true, false])('tells an approval that is decided in the next request (%s)', async (approved) => {
    const tracing = await run(form, async (telemetry) => {
      const { content, response } = await ask(telemetry, [calls('pay', { amount: 3 })], [user('Pay 3')])
      const request = content.find((part) => part.type === 'tool-approval-request')
      const approvalId = request?.approvalId ?? ''
      const decision = { type: 'tool-approval-response', approvalId, approved, reason: 'as agreed' } as const
      const messages: ModelMessage[] = [user('Pay 3'), ...response.messages, { role: 'tool', content: [decision] }]
      await ask(telemetry, [calls('weather', { city: 'Rome' }), says('Done.')], messages)
    })
    const { types, one, recorder } = tracing.tell(way)
    const call = { tool_name: 'pay', tool_call_id: 'call_pay', session_id: 's-1' }
    // The legacy form tells nothing of a tool that runs after its approval.
    const runs = approved && form === 'new'
    expect(types().slice(0, runs ? 9 : 8)).toEqual([
      ...['AGENT_STARTED', 'MESSAGE_CREATED', 'MODEL_CALL', 'TOOL_REQUEST', 'AGENT_COMPLETED'],
      ...['AGENT_STARTED', 'APPROVAL_REQUIRED', approved ? 'APPROVAL_GRANTED' : 'APPROVAL_DENIED'],
      ...(runs ? ['TOOL_RESULT'] : []),
    ])
    expect(one('APPROVAL_REQUIRED')).toMatchObject({ ...call, status: 'pending', payload: { args: { amount: 3 } } })
    expect(one(approved ? 'APPROVAL_GRANTED' : 'APPROVAL_DENIED')).toMatchObject({
      ...{ ...call, actor_type: 'user', actor_id: 'ada', approval_status: approved ? 'granted' : 'denied' },
      ...(form === 'new' && approved ? {} : { comments: 'as agreed' }),
    })
    expect(recorder.errors).toEqual([])
  })

  test('counts the tokens of an embedding once', async () => {
    const doEmbed = async () => ({ embeddings: [[0.25, 0.8642097531]], usage: { tokens: 4 }, warnings: [] })
    const model = new MockEmbeddingModelV4({ modelId: 'vectors', doEmbed })
    const tracing = await run(form, (telemetry) => embed({ model, value: 'warm cities', telemetry }))
    const { one, recorder } = tracing.tell(way)
    expect(one('EMBEDDING')).toMatchObject({ model: 'vectors', input_tokens: 4, session_id: 's-1' })
    expect(JSON.stringify(recorder.events)).not.toContain('0.8642097531')
    expect(one('EMBEDDING').payload).toMatchObject(form === 'new' ? {} : { input: ['warm cities'] })
  })
})

/** In the legacy form the tool runs inside of the call that asked for it. */
const byPlace = (form: Form) => (a: string, b: string) =>
  form === 'new' ? 0 : Number(a === 'MODEL_CALL') - Number(b === 'MODEL_CALL')
