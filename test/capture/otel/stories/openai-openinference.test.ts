/** OpenInference's OpenAI instrumentation: messages that are spread over attributes. */
import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai'
import { expect, test } from '@jest/globals'
import { OpenAI } from 'openai'
import { expectStory, run } from './openai.ts'
import { WAYS } from './tracing.ts'

test('the spans of OpenInference tell the conversation, whatever their order', async () => {
  const tracing = await run({
    watch(provider) {
      const instrumentation = new OpenAIInstrumentation()
      instrumentation.setTracerProvider(provider)
      instrumentation.manuallyInstrument(OpenAI)
      return OpenAI
    },
  })
  expect(tracing.spans.some(({ attributes }) => attributes['openinference.span.kind'] === 'LLM')).toBe(true)
  for (const way of WAYS) {
    const heard = tracing.tell(way)
    expectStory(heard)
    expect(heard.one('EMBEDDING')).toMatchObject({ model: 'vectors', payload: { input: 'warm cities' } })
    expect(JSON.stringify(heard.recorder.events)).not.toContain('0.8642097531')
  }
})
