/** Langfuse's own SDK. */
import { expect, test } from '@jest/globals'
import { setLangfuseTracerProvider, startActiveObservation } from '@langfuse/tracing'
import { createTracing, WAYS } from './tracing.ts'

test('observations are an agent, a model and a tool, and a level of ERROR is a failure', async () => {
  const tracing = createTracing()
  setLangfuseTracerProvider(tracing.provider)
  const asks = { model: 'gpt', input: [{ role: 'user', content: 'How warm is Paris?' }] }
  const answers = { output: { role: 'assistant', content: 'It is 21 degrees.' } }
  const costs = { usageDetails: { input: 11, output: 7 }, costDetails: { input: 0.25, output: 0.5 } }
  await startActiveObservation(
    'guide',
    async (agent) => {
      agent.update({ input: 'How warm is Paris?' })
      agent.startObservation('llm', { ...asks, ...answers, ...costs }, { asType: 'generation' }).end()
      const failure = { input: { city: 'Paris' }, level: 'ERROR', statusMessage: 'no such city' } as const
      agent.startObservation('weather', failure, { asType: 'tool' }).end()
    },
    { asType: 'agent' },
  )
  for (const way of WAYS) {
    const { types, one, recorder } = tracing.tell(way)
    expect(types()).toEqual([
      ...['AGENT_STARTED', 'MESSAGE_CREATED', 'MODEL_CALL', 'MESSAGE_CREATED'],
      ...['TOOL_REQUEST', 'TOOL_ERROR', 'AGENT_COMPLETED'],
    ])
    expect(one('MODEL_CALL')).toMatchObject({ agent_id: 'guide', model: 'gpt', input_tokens: 11, cost: 0.75 })
    expect(one('TOOL_REQUEST')).toMatchObject({ tool_name: 'weather', payload: { args: { city: 'Paris' } } })
    expect(one('TOOL_ERROR')).toMatchObject({ status: 'failure', payload: { error: 'no such city' } })
    expect(recorder.errors).toEqual([])
  }
})
