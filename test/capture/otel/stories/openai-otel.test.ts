/** OpenTelemetry's own OpenAI instrumentation: spans without contents, and a log record for each message of each call. */
import { createRequire } from 'node:module'
import { describe, expect, test } from '@jest/globals'
import { type Context, metrics, trace } from '@opentelemetry/api'
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai'
import type { OpenAI } from 'openai'
import { toPlain } from '../../../../src/capture/otel/readable-span.ts'
import type { LogRecord } from '../../../../src/capture/otel/span.ts'
import { listen, traceOf } from '../spans.ts'
import { expectStory, run } from './openai.ts'
import { WAYS } from './tracing.ts'

interface Emitted {
  readonly timestamp?: unknown
  readonly context?: Context
  readonly attributes?: object
  readonly body?: unknown
}

function toRecord({ timestamp, context, attributes = {}, body }: Emitted): LogRecord {
  const given = toPlain({ ...attributes, body })
  const { traceId, spanId } = (context && trace.getSpanContext(context)) ?? {}
  return {
    ...{ micros: Math.floor(Number(timestamp) * 1000), severity_number: 9, severity_text: '', body: given.body },
    ...{ event_name: String(given['event.name']), attributes: given, trace_id: traceId, span_id: spanId },
    ...{ resource: {}, scope: { name: 'openai', version: '' } },
  }
}

async function watched() {
  const records: LogRecord[] = []
  const live = listen()
  const emit = (given: Emitted): void => {
    // As an SDK asks when it was told: the call is over later than its answer was logged.
    Date.now()
    const record = toRecord(given)
    records.push(record)
    live.telemetry.log({ ...record, trace_id: traceOf(String(record.span_id)) })
  }
  const logger = { emit, enabled: () => true }
  const instrumentation = new OpenAIInstrumentation({ captureMessageContent: true })
  instrumentation.setLoggerProvider({ getLogger: () => logger } as never)
  instrumentation.setMeterProvider(metrics.getMeterProvider())
  const tracing = await run({
    watch(provider) {
      instrumentation.setTracerProvider(provider)
      const [definition] = instrumentation.getModuleDefinitions()
      const exports: { OpenAI: typeof OpenAI } = createRequire(import.meta.url)('openai')
      const patched: typeof exports = definition?.patch?.({ ...exports, OpenAI: exports.OpenAI }, '6.49.0')
      return patched.OpenAI
    },
  })
  return { ...tracing, records, live }
}

describe('the log records of a conversation', () => {
  test.each(WAYS)('tell each message once, by the spans that are told %s', async (way) => {
    const { tell, records } = await watched()
    expect(records.map(({ event_name }) => event_name)).toContain('gen_ai.choice')
    const heard = tell(way)
    expect(heard.types()).not.toContain('MESSAGE_CREATED')
    heard.telemetry.logs(records)
    // An answer is logged just before the call is over.
    expectStory(heard, [
      ...['MESSAGE_CREATED', 'TOOL_REQUEST', 'MODEL_CALL', 'MESSAGE_CREATED', 'MODEL_CALL'],
      ...['MESSAGE_CREATED', 'MESSAGE_CREATED', 'MODEL_CALL'],
    ])
    expect(heard.one('MODEL_ERROR')).toMatchObject({ status: 'failure', model: 'busy', error_code: 'RateLimitError' })
  })

  const SAID = ['How warm is Paris?', 'It is 21 degrees.', 'Thank you', 'It is 21 degrees.', 'Hello?']
  const said = ({ story }: ReturnType<typeof listen>) =>
    story().flatMap(({ event_type, action_description }) =>
      event_type === 'MESSAGE_CREATED' ? [action_description] : [],
    )

  test('tell each message once when each comes in an export of its own', async () => {
    const { tell, records } = await watched()
    const heard = tell('as they start and end')
    for (const record of records) heard.telemetry.logs([record])
    expect(said(heard)).toEqual(SAID)
  })

  test('tell each message once as they happen, also where each call is in a trace of its own', async () => {
    expect(said((await watched()).live)).toEqual(SAID)
  })
})
