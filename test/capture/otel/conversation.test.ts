/** Messages of conversations, in every shape in which dialects write them. */
import { describe, expect, test } from '@jest/globals'
import { readMessages } from '../../../src/capture/otel/conversation.ts'
import type { Attributes, SpanEvent } from '../../../src/capture/otel/span.ts'
import { listen, span, tell } from './spans.ts'

const CALL = { type: 'tool_call', tool_call_id: 'c', tool_name: 't', value: { a: 1 } }
const RESULT = { type: 'tool_result', tool_call_id: 'c', value: { b: 2 } }
const INPUT = [
  { role: 'system', parts: [{ type: 'text', text: 'Be kind' }] },
  { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
  { role: 'assistant', parts: [CALL] },
  { role: 'tool', parts: [RESULT] },
]
const OUTPUT = [{ role: 'assistant', parts: [{ type: 'text', text: 'Bye' }, CALL] }]

const parts = (result: string) => ({
  'gen_ai.input.messages': [
    { role: 'system', parts: [{ type: 'text', content: 'Be kind' }] },
    { role: 'user', parts: [{ type: 'text', content: 'Hi' }] },
    { role: 'assistant', parts: [{ type: 'tool_call', id: 'c', name: 't', arguments: { a: 1 } }] },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c', [result]: { b: 2 } }] },
  ],
  'gen_ai.output.messages': [
    {
      role: 'assistant',
      parts: [
        { type: 'text', content: 'Bye' },
        { type: 'tool_call', id: 'c', name: 't', arguments: '{"a":1}' },
      ],
    },
  ],
})
const packed = (attributes: object): Attributes =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, JSON.stringify(value)]))

const OPENAI_CALL = { id: 'c', type: 'function', function: { name: 't', arguments: '{"a":1}' } }
const OPENAI_INPUT = [
  { role: 'developer', content: 'Be kind' },
  { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
  { role: 'assistant', content: null, tool_calls: [OPENAI_CALL] },
  { role: 'tool', tool_call_id: 'c', content: '{"b":2}' },
]
const OPENAI_OUTPUT = { role: 'assistant', content: 'Bye', tool_calls: [OPENAI_CALL] }

const AI_INPUT = [
  { role: 'system', content: 'Be kind' },
  { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
  { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c', toolName: 't', input: { a: 1 } }] },
  { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c', toolName: 't', output: { b: 2 } }] },
]

const flat = (prefix: string, inner: string, call: string) => ({
  [`${prefix}.0.${inner}role`]: 'system',
  [`${prefix}.0.${inner}content`]: 'Be kind',
  [`${prefix}.1.${inner}role`]: 'user',
  [`${prefix}.1.${inner}content`]: 'Hi',
  [`${prefix}.2.${inner}role`]: 'assistant',
  ...calls(`${prefix}.2.${inner}`, call),
  [`${prefix}.3.${inner}role`]: 'tool',
  [`${prefix}.3.${inner}content`]: '{"b":2}',
  [`${prefix}.3.${inner}tool_call_id`]: 'c',
})
const calls = (prefix: string, call: string) => ({
  [`${prefix}tool_calls.0.${call}id`]: 'c',
  [`${prefix}tool_calls.0.${call}${call && 'function.'}name`]: 't',
  [`${prefix}tool_calls.0.${call}${call && 'function.'}arguments`]: '{"a":1}',
})

const DIALECTS: Readonly<Record<string, Attributes>> = {
  'GenAI, structured, with `response`': parts('response'),
  'GenAI, as JSON, with `result`': packed(parts('result')),
  'GenAI until v1.36': {
    'gen_ai.prompt': JSON.stringify(OPENAI_INPUT),
    'gen_ai.completion': JSON.stringify([OPENAI_OUTPUT]),
  },
  OpenInference: {
    'openinference.span.kind': 'LLM',
    ...flat('llm.input_messages', 'message.', 'tool_call.'),
    'llm.output_messages.0.message.role': 'assistant',
    'llm.output_messages.0.message.contents.0.message_content.type': 'text',
    'llm.output_messages.0.message.contents.0.message_content.text': 'Bye',
    ...calls('llm.output_messages.0.message.', 'tool_call.'),
  },
  'Traceloop until 0.20': {
    ...flat('gen_ai.prompt', '', ''),
    'gen_ai.completion.0.role': 'assistant',
    'gen_ai.completion.0.content': 'Bye',
    ...calls('gen_ai.completion.0.', ''),
  },
  Langfuse: {
    'langfuse.observation.type': 'generation',
    'langfuse.observation.input': JSON.stringify(OPENAI_INPUT),
    'langfuse.observation.output': JSON.stringify(OPENAI_OUTPUT),
  },
  'Langfuse in capitals': {
    'langfuse.observation.type': 'GENERATION',
    'langfuse.observation.input': JSON.stringify(OPENAI_INPUT),
    'langfuse.observation.output': JSON.stringify(OPENAI_OUTPUT),
  },
  'the legacy AI SDK': {
    'ai.operationId': 'ai.generateText.doGenerate',
    'ai.prompt.messages': JSON.stringify(AI_INPUT),
    'ai.response.text': 'Bye',
    'ai.response.toolCalls': JSON.stringify([{ toolCallId: 'c', toolName: 't', input: { a: 1 } }]),
  },
}

describe('a conversation', () => {
  test.each(Object.entries(DIALECTS))('of %s is the same', (_, attributes) => {
    const { input, output } = readMessages(span({ attributes }))
    expect(JSON.parse(JSON.stringify(input))).toEqual(INPUT)
    expect(JSON.parse(JSON.stringify(output))).toEqual(OUTPUT)
  })

  test('is told by events of the span too', () => {
    const event = (name: string, attributes: Attributes): SpanEvent => ({ name, micros: 1, attributes })
    const events = [
      event('gen_ai.user.message', { content: 'Hi' }),
      event('gen_ai.choice', { 'gen_ai.event.content': '{"index":0,"message":{"content":"Bye"}}' }),
    ]
    expect(readMessages(span({ events }))).toMatchObject({
      input: [{ role: 'user', parts: [{ text: 'Hi' }] }],
      output: [{ role: 'assistant', parts: [{ text: 'Bye' }] }],
    })
    const details = [event('gen_ai.client.inference.operation.details', packed(parts('result')))]
    expect(readMessages(span({ events: details })).output).toMatchObject(OUTPUT)
  })

  test('may be plain text, and nothing at all', () => {
    const generation = { 'langfuse.observation.type': 'generation', 'langfuse.observation.input': 'Hi' }
    expect(readMessages(span({ attributes: generation })).input).toMatchObject([
      { role: 'user', parts: [{ text: 'Hi' }] },
    ])
    for (const value of [
      '[',
      '[[[[',
      'null',
      '7',
      '{"role":7}',
      '{"role":"constructor","parts":[{"type":"constructor","text":"x"}]}',
      '[{"role":"user","parts":[null,7]}]',
    ])
      expect(() => readMessages(span({ attributes: { 'gen_ai.input.messages': value } }))).not.toThrow()
  })

  test('leaves the bytes of files out', () => {
    const part = { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'iVBORw0KGgo=' }
    const { one } = model([{ role: 'user', parts: [part] }], [])
    expect(one('MESSAGE_CREATED').payload).toEqual({
      role: 'user',
      parts: [{ type: 'other', value: { type: 'blob', modality: 'image', mime_type: 'image/png' } }],
    })
  })
})

const text = (content: string) => ({ type: 'text', content })
const says = (role: string, content: string) => ({ role, parts: [text(content)] })

const chat = (input: object[], output: object[]): Attributes => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.input.messages': JSON.stringify(input),
  'gen_ai.output.messages': JSON.stringify(output),
})
const model = (input: object[], output: object[]) => tell({ attributes: chat(input, output) })

const said = ({ story }: ReturnType<typeof listen>) =>
  story().flatMap(({ event_type, action_description }) =>
    event_type === 'MESSAGE_CREATED' ? [action_description] : [],
  )

describe('of a conversation is told', () => {
  test('the last message if it is the user’s, and each answer', () => {
    expect(
      said(model([says('user', 'Hi'), says('assistant', 'Yes?'), says('user', 'Bye')], [says('assistant', 'Bye!')])),
    ).toEqual([...['Bye', 'Bye!']])
    expect(said(model([says('user', 'Hi'), says('assistant', 'Yes?')], []))).toEqual([])
  })

  test('no answer that only calls tools, nor thoughts', () => {
    const call = { type: 'tool_call', id: 'c', name: 't', arguments: {} }
    const { types, one } = model([], [{ role: 'assistant', parts: [{ type: 'reasoning', content: 'hm' }, call] }])
    expect(types()).toEqual(['MODEL_CALL', 'TOOL_REQUEST'])
    expect(one('TOOL_REQUEST')).toMatchObject({ tool_call_id: 'c', tool_name: 't', payload: { args: {} } })
  })

  test('the results of tools that are said to be the user’s as no message', () => {
    const result = { role: 'user', parts: [{ type: 'tool_result', tool_use_id: 'c', content: '21' }] }
    expect(said(model([says('user', 'Hi'), result], []))).toEqual([])
  })

  test('a message once when the call is tried again, and twice when it is said twice', () => {
    const heard = listen()
    const hi = says('user', 'Yes')
    const twice = [hi, says('assistant', 'Sure?'), hi]
    const inputs = [[hi], [hi], twice]
    heard.telemetry.spans(
      inputs.map((input, at) => span({ id: `call ${at}`, at: at * 20, attributes: chat(input, []) })),
    )
    expect(said(heard)).toEqual(['Yes', 'Yes'])
  })

  test('equal answers of different calls each for itself', () => {
    const heard = listen()
    const vote = (id: string) => span({ id, parent: 'root', attributes: chat([], [says('assistant', 'No')]) })
    heard.telemetry.spans([vote('a'), vote('b')])
    expect(said(heard)).toEqual(['No', 'No'])
  })

  test('a call that is watched twice once, with its tokens', () => {
    const attributes = { ...chat([says('user', 'Hi')], [says('assistant', 'Bye')]), 'gen_ai.usage.input_tokens': 5 }
    for (const isReversed of [false, true]) {
      const heard = listen()
      const both = [span({ id: 'inner', parent: 'outer', at: 1, ms: 5, attributes }), span({ id: 'outer', attributes })]
      heard.telemetry.spans(isReversed ? both.toReversed() : both)
      expect(heard.types()).toEqual(['MESSAGE_CREATED', 'MODEL_CALL', 'MESSAGE_CREATED'])
      expect(heard.recorder.events.filter(({ input_tokens }) => input_tokens !== undefined)).toHaveLength(1)
    }
  })
})
