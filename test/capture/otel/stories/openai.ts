/** A session of a user with OpenAI's client, on a server of our own; whoever watches it tells the same story. */
import { expect } from '@jest/globals'
import { type TracerProvider, trace } from '@opentelemetry/api'
import type { OpenAI } from 'openai'
import type { listen } from '../spans.ts'
import { createFakeOpenAi, TOOLS } from './fake-openai.ts'
import { createTracing } from './tracing.ts'

/** In between the model asks for a tool, which nobody watches. */
async function converse({ chat, embeddings }: OpenAI): Promise<void> {
  const messages: OpenAI.Chat.ChatCompletionMessageParam[] = [
    { role: 'system', content: 'Be kind' },
    { role: 'user', content: 'How warm is Paris?' },
  ]
  const { choices } = await chat.completions.create({ model: 'gpt', messages, tools: [...TOOLS] })
  if (choices[0]) messages.push(choices[0].message)
  messages.push({ role: 'tool', tool_call_id: 'call_w', content: '{"celsius":21}' })
  await chat.completions.create({ model: 'gpt', messages, tools: [...TOOLS] })
  messages.push({ role: 'assistant', content: 'It is 21 degrees.' }, { role: 'user', content: 'Thank you' })
  await chat.completions.create({ model: 'gpt', messages })
  await embeddings.create({ model: 'vectors', input: 'warm cities', encoding_format: 'float' })
  const more = [{ role: 'user', content: 'Hello?' }] as const
  await chat.completions.create({ model: 'busy', messages: [...more] }).catch(() => undefined)
}

interface Watched {
  /** Gives OpenAI's class as the host has it. */
  readonly watch: (provider: TracerProvider) => typeof OpenAI
}

export async function run({ watch }: Watched) {
  const tracing = createTracing()
  const Client = watch(tracing.provider)
  const server = await createFakeOpenAi()
  const attributes = { 'session.id': 's-1', 'user.id': 'ada' }
  await trace.getTracer('app').startActiveSpan('chat', { attributes }, async (root) => {
    await converse(new Client({ apiKey: 'none', baseURL: server.baseURL, maxRetries: 0 }))
    root.end()
  })
  server.close()
  return tracing
}

const STORY: readonly string[] = [
  ...['MESSAGE_CREATED', 'MODEL_CALL', 'TOOL_REQUEST', 'MODEL_CALL', 'MESSAGE_CREATED'],
  ...['MESSAGE_CREATED', 'MODEL_CALL', 'MESSAGE_CREATED'],
]

/** Each message once, though the whole conversation is sent with each call. */
export function expectStory({ story, types, one, recorder }: ReturnType<typeof listen>, expected = STORY): void {
  expect(types().slice(0, 8)).toEqual(expected)
  const of = (type: string) => story().filter(({ event_type }) => event_type === type)
  expect(of('MESSAGE_CREATED').slice(0, 4)).toMatchObject([
    { action_description: 'How warm is Paris?', actor_type: 'user', actor_id: 'ada' },
    { action_description: 'It is 21 degrees.', payload: { role: 'assistant' } },
    { action_description: 'Thank you', actor_type: 'user' },
    { action_description: 'It is 21 degrees.', payload: { role: 'assistant' } },
  ])
  const tokens = { model: 'gpt-2026', input_tokens: 11, output_tokens: 7, status: 'success' }
  const facts = (finish_reason: string) => ({ ...tokens, payload: { finish_reason, provider: 'openai' } })
  expect(of('MODEL_CALL')).toMatchObject([facts('tool_calls'), facts('stop'), facts('stop')])
  expect(one('TOOL_REQUEST')).toMatchObject({
    ...{ tool_name: 'weather', tool_call_id: 'call_w', status: 'in_progress' },
    payload: { args: { city: 'Paris' } },
  })
  for (const event of story()) expect(event).toMatchObject({ session_id: 's-1', user_id: 'ada' })
  expect(JSON.stringify(recorder.events)).not.toContain('Be kind')
}
