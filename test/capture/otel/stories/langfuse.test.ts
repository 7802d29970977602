/** Langfuse's own SDK. */
import { expect, test } from '@jest/globals'
import { setLangfuseTracerProvider, startActiveObservation } from '@langfuse/tracing'
import { tell } from '../spans.ts'
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

test.each([
  ['DEBUG', 'debug'],
  ['DEFAULT', 'info'],
  ['WARNING', 'warning'],
  ['ERROR', 'error'],
  ['LOUD', 'info'],
  [undefined, 'info'],
])('a level of %s is the severity %s', (level, severity) => {
  const attributes = {
    'langfuse.observation.type': 'tool',
    ...(level && { 'langfuse.observation.level': level, 'langfuse.observation.status_message': 'stale' }),
  }
  const heard = tell({ attributes })
  const end = heard.one(level === 'ERROR' ? 'TOOL_ERROR' : 'TOOL_RESULT')
  expect(end.severity).toBe(severity)
  expect(JSON.stringify(end).includes('stale')).toBe(level !== undefined)
})

test('a span has the severity of its level, and a failure that of failures', () => {
  const toSeverity = (level: string, status: 'unset' | 'error') => {
    const attributes = { 'langfuse.observation.type': 'span', 'langfuse.observation.level': level }
    return tell({ attributes, status }).one('SPAN').severity
  }
  expect(['DEBUG', 'DEFAULT', 'WARNING', 'LOUD'].map((level) => toSeverity(level, 'unset'))).toEqual([
    ...['debug', 'info', 'warning', 'debug'],
  ])
  expect(['DEBUG', 'ERROR'].map((level) => toSeverity(level, 'error'))).toEqual(['warning', 'warning'])
})
