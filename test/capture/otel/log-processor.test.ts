/** The processor of log records with a real SDK, in the process of the test. Instrumentation tells each call the whole conversation. */
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, jest, test } from '@jest/globals'
import { type AnyValue, ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api'
import { LoggerProvider } from '@opentelemetry/sdk-logs'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { runInContext } from '../../../src/capture/context.ts'
import { createLogRecordProcessor, type LogRecordProcessor } from '../../../src/capture/otel/log-processor.ts'
import { toInternals } from '../../../src/internals.ts'
import { eventLogging } from '../../../src/logging.ts'
import { createTestFolder } from '../../kit/folder.ts'
import { listen } from './spans.ts'
import { readLines } from './spool-lines.ts'

type Said = readonly [role: 'system' | 'user' | 'assistant' | 'tool', content: string]

function open() {
  const heard = listen()
  return {
    ...heard,
    ...emitting(createLogRecordProcessor(() => heard.telemetry)),
    said: () => heard.recorder.events.map(({ action_description }) => action_description),
  }
}

function emitting(processor: LogRecordProcessor) {
  const provider = new LoggerProvider({ processors: [processor] })
  const [logger, tracer] = [provider.getLogger('test'), new TracerProvider().getTracer('test')]
  const within = (span?: Span) => (span ? trace.setSpan(ROOT_CONTEXT, span) : ROOT_CONTEXT)
  const emit = (name: string, body: Record<string, AnyValue>, span?: Span): void =>
    logger.emit({ attributes: { 'event.name': `gen_ai.${name}` }, body, context: within(span) })
  return {
    provider,
    /** A call of a model, in a trace of its own. */
    start: () => tracer.startSpan('chat'),
    give: (span: Span | undefined, said: readonly Said[]): void => {
      for (const [role, content] of said) emit(`${role}.message`, { content }, span)
    },
    answer: (span: Span, content: string): void => emit('choice', { index: 0, message: { content } }, span),
    line: (body: string, span?: Span): void => logger.emit({ body, context: within(span) }),
  }
}

const HI: Said = ['user', 'Hi']
const HELLO: Said = ['assistant', 'Hello']
const BYE: Said = ['user', 'Bye']

describe('a conversation', () => {
  test('whose turns are traces of their own is told once', async () => {
    const { start, give, answer, said } = open()
    const asked: Said[] = [['system', 'Be kind']]
    for (const number of ['one', 'two', 'three']) {
      const call = start()
      asked.push(['user', number])
      give(call, asked)
      await turn()
      answer(call, `answer ${number}`)
      asked.push(['assistant', `answer ${number}`])
    }
    expect(said()).toEqual(['one', 'answer one', 'two', 'answer two', 'three', 'answer three'])
  })

  test('that goes on with what a tool gave tells nothing again', async () => {
    const { start, give, said } = open()
    give(start(), [HI, HELLO, ['tool', '21 degrees']])
    await turn()
    expect(said()).toEqual([])
  })

  test('is told apart from those that begin in the same moment', async () => {
    const { start, give, said } = open()
    give(start(), [HI])
    give(start(), [HI, HELLO, BYE])
    give(start(), [['user', 'Me too']])
    await turn()
    expect(said()).toEqual(['Hi', 'Bye', 'Me too'])
  })

  test('is told apart from those of another tenant in its span', async () => {
    const { start, give, recorder } = open()
    const call = start()
    for (const tenant_id of ['acme', 'umbrella']) runInContext({ tenant_id }, () => give(call, [HI]))
    await turn()
    expect(recorder.events.map(({ tenant_id }) => tenant_id)).toEqual(['acme', 'umbrella'])
  })

  test('in no span is told once of its session, and what was said last as often as it is said', async () => {
    const { give, recorder, said } = open()
    const turns: Said[][] = [[HI], [HI, HELLO, BYE], [HI, HELLO, BYE, ['tool', '21 degrees']], [HI, HELLO, BYE, HI]]
    for (const session_id of ['s-1', 's-2'])
      for (const turnOf of turns) {
        runInContext({ session_id }, () => give(undefined, turnOf))
        await turn()
      }
    // Of calls that begin at once.
    for (const content of ['Me', 'Me too'])
      runInContext({ session_id: 's-2' }, () => give(undefined, [['user', content]]))
    await turn()
    expect(said()).toEqual([...['Hi', 'Bye', 'Hi'], ...['Hi', 'Bye', 'Hi'], 'Me', 'Me too'])
    expect(recorder.events.filter(({ session_id }) => session_id === 's-1')).toHaveLength(3)
  })

  test('in no span and no session is told as it comes, as nothing says where it ends', async () => {
    const { give, said } = open()
    give(undefined, [HI])
    give(undefined, [BYE])
    expect(said()).toEqual(['Hi', 'Bye'])
  })
})

describe('a new message', () => {
  test('is told without an answer, with the context in which it came and before what follows it', async () => {
    const { start, give, line, recorder, said } = open()
    const call = start()
    const context = { session_id: 's-1', user_id: 'ada', tenant_id: 'acme' }
    runInContext(context, () => give(call, [HI, HELLO, BYE]))
    line('soon after')
    expect(said()).toEqual(['Bye', 'soon after'])
    const { traceId: trace_id, spanId: span_id } = call.spanContext()
    expect(recorder.events[0]).toMatchObject({ ...context, actor_type: 'user', actor_id: 'ada', trace_id, span_id })
  })

  test('has the time at which it came', async () => {
    const { start, give, recorder } = open()
    give(start(), [HI])
    const later = Date.now() + 20
    while (Date.now() < later);
    await turn()
    expect(Date.parse(String(recorder.events[0]?.created_at))).toBeLessThan(later - 10)
  })

  test('is not lost when the host asks a model about what it is told', async () => {
    const { start, give, recorder, said } = open()
    const { event } = recorder
    recorder.event = (...given) => {
      recorder.event = event
      give(start(), [BYE])
      return event(...given)
    }
    for (const one of [HI, ['user', 'Me too']] satisfies Said[]) give(start(), [one])
    await turn()
    expect(said().toSorted()).toEqual(['Bye', 'Hi', 'Me too'])
  })

  test('is there when the SDK has been flushed', async () => {
    const { start, give, provider, said } = open()
    give(start(), [HI])
    await provider.forceFlush()
    expect(said()).toEqual(['Hi'])
  })

  test('is on disk when a flush of the event log begins', async () => {
    const dir = createTestFolder()
    const database = 'postgres://nobody@127.0.0.1:1/none'
    const logging = eventLogging({ dir, database, onNotice: () => undefined })
    const { start, give } = emitting(logging.logRecordProcessor())
    const onDisk: unknown[] = []
    jest.spyOn(toInternals(logging).supervisor, 'flush').mockImplementation(async () => {
      onDisk.push(...readLines(dir).events.map(({ action_description }) => action_description))
      return true
    })
    give(start(), [HI])
    await logging.flush()
    expect(onDisk).toContain('Hi')
    await logging.close()
  })
})

test('a plain line is told at once', () => {
  const { start, line, said } = open()
  line('alone')
  line('in a span', start())
  expect(said()).toEqual(['alone', 'in a span'])
})

test('nothing that goes wrong reaches the app', async () => {
  const processor = createLogRecordProcessor(() => {
    throw new Error('of ours')
  })
  for (const given of [undefined, null, {}, { attributes: { 'event.name': 'gen_ai.user.message' } }])
    expect(() => processor.onEmit(given)).not.toThrow()
  const { start, give, recorder } = open()
  recorder.event = () => {
    throw new Error('of ours')
  }
  give(start(), [HI])
  await turn()
  expect(recorder.refused).toHaveLength(1)
  await processor.forceFlush()
  await processor.shutdown()
})
