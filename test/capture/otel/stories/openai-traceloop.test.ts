/** Traceloop's OpenAI instrumentation: today's GenAI attributes, with messages as JSON in text. */
import { expect, test } from '@jest/globals'
import { OpenAIInstrumentation } from '@traceloop/instrumentation-openai'
import { OpenAI } from 'openai'
import { expectStory, run } from './openai.ts'
import { WAYS } from './tracing.ts'

test("the spans of Traceloop's instrumentation tell the conversation, whatever their order", async () => {
  const tracing = await run({
    watch(provider) {
      const instrumentation = new OpenAIInstrumentation()
      instrumentation.setTracerProvider(provider)
      instrumentation.manuallyInstrument(OpenAI)
      return OpenAI
    },
  })
  expect(tracing.spans.map(({ scope }) => scope.name)).toContain('@traceloop/instrumentation-openai')
  for (const way of WAYS) expectStory(tracing.tell(way))
})
