/** The ways out for events: what leaves, and what becomes of it when it is not taken. */
import { expect, jest, test } from '@jest/globals'
import { trace } from '@opentelemetry/api'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { createHttpOutlet } from '../../src/forward/http-outlet.ts'
import { toErrorRecord, toEventRecord } from '../../src/forward/out-record.ts'
import { createSdkOutlet } from '../../src/forward/sdk-outlet.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestRefinery } from '../kit/events.ts'
import { type Received, startReceiver } from './receiver.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const refinery = createTestRefinery()
const request = refinery.seal({
  event_type: 'API_ERROR',
  status: 'failure',
  severity: 'error',
  method: 'GET',
  route: '/orders/:id',
  status_code: 500,
  user_id: 'ada',
  duration_ms: 1.5,
  files_changed: ['a', 'b'],
  trace_id: TRACE,
  span_id: 'b7ad6b7169203331',
  payload: { a: [1] },
})
const failure = refinery.sealError({ error: new TypeError('boom') })
const records = [toEventRecord(request), toErrorRecord(failure)]

const open = (url: string, onNotice = (_line: string): void => undefined) =>
  createHttpOutlet({ url, headers: { 'x-api-key': 'k' }, version: '1.2.3', timeoutMs: 60_000, onNotice })

const expected = {
  eventName: 'daybook.api_error',
  severityText: 'error',
  traceId: TRACE,
  spanId: 'b7ad6b7169203331',
  resource: { 'service.name': 'test' },
  attributes: {
    'http.request.method': 'GET',
    'http.route': '/orders/:id',
    'user.id': 'ada',
    'daybook.id': request.id,
    'daybook.created_at': request.created_at,
    'daybook.event_type': 'API_ERROR',
    'daybook.duration_ms': 1.5,
    'daybook.payload': '{"a":[1]}',
  },
}

test('over HTTP an event is a log record with a name, by the conventions, with all of its columns', async () => {
  const receiver = await startReceiver()
  await open(`${receiver.url}/otel/`)(records)
  expect(receiver.posts).toMatchObject([{ path: '/otel/v1/logs', headers: { 'x-api-key': 'k' } }])
  const [event, error] = receiver.records
  expect(event).toMatchObject({ ...expected, severityNumber: 17, body: { stringValue: 'API_ERROR' } })
  expect(event?.timeUnixNano).toBe(
    `${Date.parse(request.created_at) * 1000 + Number(request.created_at.slice(23, 26))}000`,
  )
  expect(event?.attributes['daybook.status_code']).toBe('500')
  expect(error).toMatchObject({
    eventName: 'exception',
    attributes: { 'exception.type': 'TypeError', 'exception.message': 'boom', 'exception.stacktrace': failure.stack },
  })
})

test.each([
  [429, 'receiver_away'],
  [503, 'receiver_away'],
  [401, 'receiver_away'],
  [400, 'row_refused'],
  [413, 'row_refused'],
])('what a receiver answers with %i is %s', async (status, code) => {
  const receiver = await startReceiver()
  receiver.answer = () => status
  await expect(open(receiver.url)(records)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(String(status)),
  })
})

test.each([301, 302, 307, 308])(
  'a receiver that sends elsewhere with %i is away, and neither key nor records go there',
  async (status) => {
    const [receiver, other] = [await startReceiver(), await startReceiver()]
    receiver.answer = () => status
    receiver.headers = { location: `${other.url}/v1/logs` }
    await expect(open(receiver.url)(records)).rejects.toMatchObject({
      code: 'receiver_away',
      message: expect.stringContaining(String(status)),
    })
    expect(other.posts).toEqual([])
  },
)

test.each([
  [
    '{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too\\nold"}}',
    [/2 of \d+ events were not forwarded: "too\\nold"$/],
  ],
  ['{"partialSuccess":{"rejectedLogRecords":0,"errorMessage":"slow down"}}', []],
  ['{"partialSuccess":{}}', []],
  ['no JSON', []],
  ['', []],
])('what of it a receiver did not take is said, and not sent again: %j', async (body, told) => {
  const receiver = await startReceiver()
  receiver.body = body
  const notices: string[] = []
  await open(receiver.url, (line) => void notices.push(line))(records)
  expect(notices).toEqual(told.map((line) => expect.stringMatching(line)))
  expect(receiver.posts).toHaveLength(1)
})

test('a receiver that is not there is away', async () => {
  await expect(open('http://127.0.0.1:1')(records)).rejects.toMatchObject({ code: 'receiver_away' })
})

test("an exporter of the host's SDK gets records that it can send, and tells whether they arrived", async () => {
  const receiver = await startReceiver()
  const exporter = new OTLPLogExporter({ url: `${receiver.url}/v1/logs` })
  onTestEnd(() => exporter.shutdown())
  await createSdkOutlet(exporter, '1.2.3')(records)
  expect(receiver.records).toMatchObject([expected, { eventName: 'exception' }])
  receiver.answer = () => 400
  await expect(createSdkOutlet(exporter, '1.2.3')(records)).rejects.toMatchObject({ code: 'receiver_away' })
})

test('an exporter that has answered is waited for no longer', async () => {
  jest.useFakeTimers()
  try {
    for (const code of [0, 1])
      await createSdkOutlet({ export: (_records, done) => done({ code }) }, '1.2.3')(records).catch(() => undefined)
    expect(jest.getTimerCount()).toBe(0)
  } finally {
    jest.useRealTimers()
  }
})

test('an exporter that throws is away', async () => {
  const broken = {
    export: () => {
      throw new Error('of the host')
    },
  }
  await expect(createSdkOutlet(broken, '1.2.3')(records)).rejects.toMatchObject({ code: 'receiver_away' })
})

test('an exporter that never answers is away after a while', async () => {
  const silent = { export: () => undefined }
  await expect(createSdkOutlet(silent, '1.2.3', 20)(records)).rejects.toMatchObject({ code: 'receiver_away' })
})

test('a Logger gets each record in the context of its span', async () => {
  const emitted: Received[] = []
  await createSdkOutlet({ emit: (record) => void emitted.push(record) }, '1.2.3')(records)
  expect(emitted).toMatchObject([{ eventName: 'daybook.api_error', severityNumber: 17, body: 'API_ERROR' }, {}])
  expect(trace.getSpanContext(emitted[0]?.context as never)).toMatchObject({ traceId: TRACE })
})
