/** LangChain, watched by OpenInference. */
import { LangChainInstrumentation } from '@arizeai/openinference-instrumentation-langchain'
import { expect, test } from '@jest/globals'
import * as CallbackManager from '@langchain/core/callbacks/manager'
import { awaitAllCallbacks } from '@langchain/core/callbacks/promises'
import { ChatPromptTemplate } from '@langchain/core/prompts'
import { RunnableLambda } from '@langchain/core/runnables'
import { tool } from '@langchain/core/tools'
import { FakeListChatModel } from '@langchain/core/utils/testing'
import { z } from 'zod'
import { createTracing, WAYS } from './tracing.ts'

const city = z.object({ city: z.string() })
const weather = tool(async (place: z.infer<typeof city>) => ({ ...place, celsius: 21 }), {
  ...{ name: 'weather', description: 'Tells how warm it is', schema: city },
})
const broken = tool(
  async () => {
    throw new TypeError('no such city')
  },
  { name: 'broken', description: 'Fails', schema: z.object({}) },
)

/** By its name, as LangGraph throws it. */
class GraphInterrupt extends Error {
  override name = 'GraphInterrupt'
}

const instrumentation = new LangChainInstrumentation()
instrumentation.manuallyInstrument(CallbackManager)

async function run(work: () => Promise<unknown>) {
  const tracing = createTracing()
  instrumentation.setTracerProvider(tracing.provider)
  await work().catch(() => undefined)
  await awaitAllCallbacks()
  expect(tracing.spans.length).toBeGreaterThan(0)
  return tracing
}

test('a chain is a task in which a model is called', async () => {
  const chain = ChatPromptTemplate.fromMessages([
    ['system', 'Be kind'],
    ['human', '{question}'],
  ]).pipe(new FakeListChatModel({ responses: ['It is 21 degrees.'] }))
  const metadata = { session_id: 's-1', user_id: 'ada' }
  const tracing = await run(() => chain.invoke({ question: 'How warm is Paris?' }, { metadata, runName: 'guide' }))
  for (const way of WAYS) {
    const { types, story, one } = tracing.tell(way)
    expect(types()).toEqual(['TASK_STARTED', 'MESSAGE_CREATED', 'MODEL_CALL', 'MESSAGE_CREATED', 'TASK_COMPLETED'])
    // OpenInference knows nothing of a chain but its kind until it ends.
    const known = way === 'as they start and end' ? story().slice(1) : story()
    for (const event of known) expect(event).toMatchObject({ session_id: 's-1' })
    expect(one('TASK_STARTED')).toMatchObject({ entity_id: 'guide', entity_type: 'task' })
    expect(story()[1]).toMatchObject({ action_description: 'How warm is Paris?', actor_type: 'user', user_id: 'ada' })
    expect(story()[3]).toMatchObject({ action_description: 'It is 21 degrees.', payload: { role: 'assistant' } })
  }
})

test('the id of a call is read from the message that the tool gives', async () => {
  const call = { type: 'tool_call', id: 'call_w', name: 'weather', args: { city: 'Paris' } } as const
  const tracing = await run(() => weather.invoke(call))
  const { types, one } = tracing.tell('all at once')
  expect(types()).toEqual(['TOOL_REQUEST', 'TOOL_RESULT'])
  const ids = { tool_name: 'weather', tool_call_id: 'call_w' }
  expect(one('TOOL_REQUEST')).toMatchObject(ids)
  expect(one('TOOL_RESULT')).toMatchObject({ ...ids, payload: { result: { city: 'Paris', celsius: 21 } } })
})

test('a tool that fails is one error, whose type and stack are taken out of its message', async () => {
  const tracing = await run(() => broken.invoke({}))
  for (const way of WAYS) {
    const { one, recorder } = tracing.tell(way)
    const failed = one('TOOL_ERROR')
    expect(failed).toMatchObject({ tool_name: 'broken', error_code: 'TypeError', payload: { error: 'no such city' } })
    expect(failed.tool_call_id).toBe(one('TOOL_REQUEST').tool_call_id)
    const stack = expect.stringContaining('langchain.test.ts')
    expect(recorder.errors).toMatchObject([
      { error_type: 'TypeError', message: 'no such city', stack, event_id: failed.id },
    ])
  }
})

test('an interrupt asks somebody once, on its way up, and is no error', async () => {
  const step = RunnableLambda.from(async () => {
    throw new GraphInterrupt('[{"id":"i-1","value":"Pay 3?"}]')
  })
  const tracing = await run(() => step.pipe(RunnableLambda.from(async (x) => x)).invoke('x', { runName: 'graph' }))
  expect(tracing.spans.length).toBeGreaterThan(1)
  for (const way of WAYS) {
    const { types, one, recorder } = tracing.tell(way)
    expect(types()).toEqual(['TASK_STARTED', 'APPROVAL_REQUIRED', 'TASK_COMPLETED'])
    expect(one('APPROVAL_REQUIRED')).toMatchObject({
      ...{ approval_status: 'pending', status: 'pending' },
      payload: { approval_id: 'i-1', interrupt: [{ id: 'i-1', value: 'Pay 3?' }] },
    })
    expect(one('TASK_COMPLETED')).toMatchObject({ status: 'pending' })
    expect(recorder.errors).toEqual([])
    expect(recorder.events.filter(({ status }) => status === 'failure')).toEqual([])
  }
})
