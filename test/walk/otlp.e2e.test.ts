import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { startChild } from '../kit/child.ts'
import { createEmbeddedFolder, forEachDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { freePort } from '../kit/free-port.ts'
import { toProtobuf } from '../kit/otlp-messages.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { ADMIN_KEY, startHost } from './start-host.ts'

const toPath = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** A program with an SDK that is told nothing but what is in its environment. */
async function runApp(env: Readonly<Record<string, string>>): Promise<void> {
  const app = startChild(['--import', toPath('otel-sdk.ts'), toPath('otel-app.ts')], [], {
    OTEL_SERVICE_NAME: 'shop',
    OTEL_LOG_LEVEL: 'WARN',
    // The first export also loads the API, and a busy machine takes long for that.
    OTEL_EXPORTER_OTLP_TIMEOUT: '100000',
    ...env,
  })
  expect(await app.exit).toEqual({ code: 0, signal: null })
  expect(app.stderr()).toBe('')
}

interface Stored {
  readonly events: readonly Record<string, unknown>[]
  readonly errors: readonly Record<string, unknown>[]
}

/** What the program's spans and log records became. */
function expectStory(service: string, stored: Stored): void {
  const [events, errors] = [stored.events, stored.errors].map((rows) => rows.filter((row) => row.service === service))
  const ofType = (type: string) => events?.find(({ event_type }) => event_type === type)
  const request = ofType('API_ERROR')
  const shared = { trace_id: request?.trace_id, service, tenant_id: 'default' }
  expect(request).toMatchObject({
    ...shared,
    method: 'GET',
    route: '/orders/:id',
    path: '/orders/41',
    status_code: 500,
  })
  expect(ofType('SPAN')).toMatchObject({
    ...shared,
    status: 'failure',
    parent_span_id: request?.span_id,
    error_code: 'TypeError',
    payload: { big: 2 ** 53 - 1, list: ['a', 'b'], password: '[REDACTED]' },
  })
  expect(ofType('ORDER_REFUSED')).toMatchObject({
    ...shared,
    severity: 'warning',
    span_id: request?.span_id,
    payload: { order: 41, reasons: ['too old', 'too big'] },
  })
  expect(errors).toEqual([expect.objectContaining({ ...shared, error_type: 'TypeError', message: 'no such order' })])
}

test('spans and log records that SDKs send are stored, whatever their encoding and compression', async () => {
  const dir = await createEmbeddedFolder()
  const host = await startHost({ dir, target: { kind: 'embedded', dir } })
  const keys = [`x-api-key=${ADMIN_KEY}`, `authorization=Bearer%20${ADMIN_KEY}`, '', '']
  const forms = ['protobuf none', 'protobuf gzip', 'json none', 'json gzip']
  for (const [at, form] of forms.entries())
    await runApp({
      OTEL_SERVICE_NAME: form,
      OTEL_EXPORTER_OTLP_ENDPOINT: `${host.url}/daybook`,
      OTEL_EXPORTER_OTLP_PROTOCOL: `http/${form.split(' ')[0]}`,
      OTEL_EXPORTER_OTLP_COMPRESSION: form.split(' ')[1] ?? '',
      OTEL_EXPORTER_OTLP_HEADERS: keys[at] ?? '',
    })
  const { events } = await host.untilTotal(3 * forms.length)
  const { errors } = (await (await host.api('/errors')).json()) as Stored
  for (const form of forms) expectStory(form, { events, errors })
})

forEachDatabase((_label, openTarget) => {
  test('an export that is sent three times is stored once', async () => {
    const target = await openTarget('app')
    const host = await startHost({ target, dir: target.kind === 'embedded' ? target.dir : createTestFolder() })
    const now = BigInt(Date.now()) * 1_000_000n
    const at = String(now)
    const exception = [{ key: 'exception.type', value: { stringValue: 'TypeError' } }]
    const ids = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }
    const events = [{ name: 'exception', timeUnixNano: at, attributes: exception }]
    const span = { ...ids, name: 'work', startTimeUnixNano: at, endTimeUnixNano: at, events }
    const record = { timeUnixNano: at, body: { stringValue: 'twice the same' } }
    const failed = { timeUnixNano: at, attributes: exception }
    const traces = toProtobuf('traces', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
    const logs = toProtobuf('logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [record, record, failed] }] }] })
    const send = async (path: string, body: Uint8Array) => {
      const headers = { 'Content-Type': 'application/x-protobuf' }
      const answer = await fetch(`${host.url}/daybook${path}`, { method: 'POST', headers, body: Buffer.from(body) })
      expect(answer.status).toBe(200)
    }
    for (let time = 0; time < 3; time++) {
      await send('/v1/traces', traces)
      await send('/v1/logs', logs)
      // Once in the same batch of rows, and once in a later one.
      if (time === 1) await host.untilTotal(3)
    }
    await host.app('/orders/1')
    const { events: rows } = await host.untilTotal(5)
    expect(rows.map(({ event_type }) => event_type).sort()).toEqual([
      'API_REQUEST',
      'DATA_UPDATED',
      'LOG',
      'LOG',
      'SPAN',
    ])
    const { errors } = (await (await host.api('/errors')).json()) as Pick<Stored, 'errors'>
    expect(errors.map(({ span_id }) => span_id).sort()).toEqual([ids.spanId, undefined])
  })
})

test('an SDK at its defaults finds `daybook serve` at its defaults', async () => {
  const isFree = await fetch('http://localhost:4318/').then(
    () => false,
    () => true,
  )
  const port = isFree ? 4318 : await freePort()
  const daybook = startChild(fileURLToPath(new URL('../../src/cli/daybook.ts', import.meta.url)), ['serve'], {
    DAYBOOK_DIR: await createEmbeddedFolder(),
    DAYBOOK_ADMIN_KEY: ADMIN_KEY,
    ...(!isFree && { PORT: String(port) }),
  })
  await daybook.waitForLine(/^Daybook is at /)
  await runApp(isFree ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:${port}` })
  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'X-API-Key': ADMIN_KEY } })
    return (await answer.json()) as Stored
  }
  const stored = await waitUntil(
    async () => {
      const { events } = await ask('/events?limit=100')
      return events.filter(({ service }) => service === 'shop').length === 3 && events
    },
    { what: 'the events of the app', timeoutMs: 120_000 },
  )
  expectStory('shop', { events: stored, errors: (await ask('/errors')).errors })
})

test('an app that exports to itself stores nothing of its exports', async () => {
  const port = await freePort()
  const app = startChild(['--import', toPath('otel-sdk.ts'), toPath('self-exporting.ts')], [], {
    PORT: String(port),
    DAYBOOK_DIR: await createEmbeddedFolder(),
    DAYBOOK_ADMIN_KEY: ADMIN_KEY,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/daybook`,
    OTEL_EXPORTER_OTLP_TIMEOUT: '100000',
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_METRICS_EXPORTER: 'none',
  })
  const url = (await app.waitForLine(/^ready /)).slice('ready '.length)
  const get = (path: string, trace: string) =>
    fetch(`${url}${path}`, { headers: { 'X-API-Key': ADMIN_KEY, traceparent: `00-${trace}-00f067aa0ba902b7-01` } })
  const [hello, asking] = ['a'.repeat(32), 'b'.repeat(32)] as const
  await get('/hello', hello)
  const exports = () => app.stdout().match(/^exported 200$/gm)?.length ?? 0
  await waitUntil(() => exports() >= 10, { what: 'exports of the exports', timeoutMs: 120_000 })
  const stored = await waitUntil(
    async () => {
      const { events } = (await (await get('/daybook/events?limit=1000', asking)).json()) as Stored
      return events.length > 0 && events
    },
    { what: 'the event of the request', timeoutMs: 120_000 },
  )
  // One request that is Daybook's to tell, by its middleware: no span of it, of the exports or of the questions.
  expect(stored.map(({ trace_id, path }) => [trace_id, path])).toEqual([[hello, '/hello']])
})
