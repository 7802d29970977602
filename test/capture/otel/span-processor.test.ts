/** The processor of spans with a real provider, in the process of the test. */
import { expect, test } from '@jest/globals'
import { type Attributes, ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { runInContext } from '../../../src/capture/context.ts'
import { createSpanProcessor } from '../../../src/capture/otel/span-processor.ts'
import { listen } from './spans.ts'

const TOOL = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'look_up' }

function open() {
  const heard = listen()
  const provider = new TracerProvider({ spanProcessors: [createSpanProcessor(() => heard.telemetry)] })
  const tracer = provider.getTracer('test')
  const start = (name: string, attributes: Attributes, parent?: Span): Span =>
    tracer.startSpan(name, { attributes }, parent ? trace.setSpan(ROOT_CONTEXT, parent) : ROOT_CONTEXT)
  return { ...heard, start }
}

test('what is set on a span after its start is inherited by what ends below it', () => {
  const { start, one } = open()
  const request = start('request', {})
  const step = start('step', {}, request)
  const call = start('execute_tool look_up', TOOL, step)
  request.setAttribute('session.id', 's-1')
  call.end()
  step.end()
  request.end()
  expect(one('TOOL_RESULT')).toMatchObject({ session_id: 's-1', tool_name: 'look_up' })
})

test('the context of the app is that of the start, and gives way to what a span says itself', () => {
  const { start, recorder } = open()
  const [around, own] = runInContext({ session_id: 's-1', user_id: 'ada', project_id: 'p', tenant_id: 'acme' }, () => [
    start('execute_tool look_up', TOOL),
    start('execute_tool look_up', { ...TOOL, 'session.id': 's-2' }),
  ])
  around?.end()
  own?.end()
  const ends = recorder.events.filter(({ event_type }) => event_type === 'TOOL_RESULT')
  expect(ends).toMatchObject([
    { session_id: 's-1', user_id: 'ada', project_id: 'p', tenant_id: 'acme' },
    { session_id: 's-2', user_id: 'ada', tenant_id: 'acme' },
  ])
})

test('nothing that goes wrong reaches the app', async () => {
  const processor = createSpanProcessor(() => {
    throw new Error('of ours')
  })
  for (const given of [undefined, null, {}, { spanContext: () => undefined }]) {
    expect(() => runInContext({ user_id: 'ada' }, () => processor.onStart(given, undefined))).not.toThrow()
    expect(() => processor.onEnd(given)).not.toThrow()
  }
  await processor.forceFlush()
  await processor.shutdown()
})
