import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type ClientRequest, createServer, type IncomingHttpHeaders, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import express, { type Express } from 'express'
import { createRouter } from '../../src/api/router.ts'
import type { OtlpEncoding } from '../../src/event/ports/otlp.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { toDeepExport } from '../kit/otlp-deep.ts'
import { type Export, readAnswer, toProtobuf } from '../kit/otlp-messages.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { createHouse, OPTIONS } from './ask.ts'
import { ADMIN_KEY, ALICE_KEY, createMemoryParts } from './parts.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const span = (n: number, more: Export = {}): Export => ({
  traceId: TRACE,
  spanId: (n + 1).toString(16).padStart(16, '0'),
  name: `span ${n}`,
  startTimeUnixNano: '1795255200000000000',
  endTimeUnixNano: '1795255200100000000',
  ...more,
})
const ofSpans = (...spans: Export[]): Export => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
const TRACES = ofSpans(span(0))
const TENANT = { key: 'tenant_id', value: { stringValue: 'other' } }
const TYPES = { protobuf: 'application/x-protobuf', json: 'application/json' } as const
const ENCODINGS = ['protobuf', 'json'] as const satisfies readonly OtlpEncoding[]
const encode = (of: Export, encoding: OtlpEncoding) =>
  encoding === 'json' ? Buffer.from(JSON.stringify(of)) : Buffer.from(toProtobuf('traces', of))

interface Sent {
  readonly path?: string
  readonly method?: string
  readonly body?: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}
interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

type Send = ((sent?: Sent) => Promise<Answered>) & {
  readonly port: number
  open(sent?: Sent): ClientRequest
}

/** By a client that neither unpacks nor decodes. */
async function serve(app: Express): Promise<Send> {
  const server: Server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestEnd(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const open = ({ path = '/v1/traces', method = 'POST', headers = {} }: Sent = {}) =>
    request({ port, host: '127.0.0.1', path, method, headers: { 'content-type': TYPES.protobuf, ...headers } })
  const send = async (sent: Sent = {}): Promise<Answered> => {
    const req = open(sent)
    req.end(sent.body ?? encode(TRACES, 'protobuf'))
    const [res] = await once(req, 'response')
    // A refusal comes before all is sent; then the test is over.
    req.on('error', () => undefined)
    const chunks: Buffer[] = []
    for await (const chunk of res) chunks.push(chunk)
    return { status: res.statusCode, headers: res.headers, body: Buffer.concat(chunks) }
  }
  return Object.assign(send, { open, port })
}

async function openHouse(options: Parameters<typeof createHouse>[0] = {}) {
  const house = createHouse(options)
  return { ...house, send: await serve(house.app) }
}

const read = ({ headers, body }: Answered): Record<string, unknown> =>
  headers['content-type'] === TYPES.json ? JSON.parse(body.toString()) : { ...readAnswer('RpcStatus', body) }

describe.each(ENCODINGS)('an export as %s', (encoding) => {
  const headers = { 'content-type': TYPES[encoding] }

  test('is kept and answered in its own encoding', async () => {
    const { send, parts } = await openHouse()
    const answer = await send({ headers, body: encode(ofSpans(span(0), span(1)), encoding) })
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': TYPES[encoding] } })
    expect(answer.body.toString()).toBe(encoding === 'json' ? '{}' : '')
    expect(parts.drafts.map(({ action_description }) => action_description)).toEqual(['span 0', 'span 1'])
  })

  test('that holds nothing is a success', async () => {
    const { send } = await openHouse()
    expect(await send({ headers, body: Buffer.alloc(0) })).toMatchObject({ status: 200 })
  })

  test('says how many of its spans were rejected, and why', async () => {
    const { send, parts } = await openHouse()
    const body = encode(ofSpans(span(0), span(1, { traceId: '' }), span(2, { spanId: '' })), encoding)
    const answer = await send({ headers, body })
    expect(answer.status).toBe(200)
    expect(parts.drafts).toHaveLength(1)
    const errorMessage = 'A span has no trace id of 16 bytes.'
    if (encoding === 'json') expect(read(answer)).toEqual({ partialSuccess: { rejectedSpans: '2', errorMessage } })
    else expect(readAnswer('Response', answer.body)).toEqual({ partialSuccess: { rejected: 2, errorMessage } })
  })

  test('that can not be read is a 400, and nothing of it is kept', async () => {
    const { send, parts } = await openHouse()
    const whole = encode(ofSpans(span(0), span(1)), encoding)
    for (const body of [Buffer.from('garbage'), whole.subarray(0, -3), toDeepExport(3_000, encoding)]) {
      const answer = await send({ headers, body })
      expect(answer).toMatchObject({ status: 400, headers: { 'content-type': TYPES[encoding] } })
      expect(read(answer)).toEqual({ code: 3, message: expect.stringMatching(/no valid JSON|no OTLP export/) })
    }
    expect(parts.drafts).toEqual([])
  })

  test('that finds no room is a 503 with Retry-After', async () => {
    const { send, parts } = await openHouse()
    parts.setRoom(1)
    const answer = await send({ headers, body: encode(ofSpans(span(0), span(1)), encoding) })
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '2', 'content-type': TYPES[encoding] } })
    expect(read(answer).code).toBe(14)
  })

  test('with a wrong key is a 401, and without one from elsewhere a 403', async () => {
    const { send, parts } = await openHouse()
    const wrong = await send({
      headers: { ...headers, authorization: 'Bearer no-such-key' },
      body: encode(TRACES, encoding),
    })
    expect([wrong.status, read(wrong).code]).toEqual([401, 16])
    const missing = await send({
      headers: { ...headers, 'x-forwarded-for': '127.0.0.1' },
      body: encode(TRACES, encoding),
    })
    expect([missing.status, read(missing).code]).toEqual([403, 7])
    expect(parts.drafts).toEqual([])
  })
})

describe('encodings', () => {
  test.each([
    ['identity', (body: Buffer) => body],
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const)('%s is unpacked, and what it grows to is bounded', async (coding, pack) => {
    const { send, parts } = await openHouse()
    const headers = { 'content-encoding': coding }
    expect(await send({ headers, body: pack(encode(TRACES, 'protobuf')) })).toMatchObject({ status: 200 })
    expect(parts.drafts).toHaveLength(1)
    const bomb = await send({ headers, body: pack(Buffer.alloc(30_000_000)) })
    expect([bomb.status, read(bomb).message]).toEqual([
      413,
      'The body has more than 1048576 bytes; send it in several.',
    ])
    // On the same connections as before.
    expect(await send({ headers, body: pack(encode(TRACES, 'protobuf')) })).toMatchObject({ status: 200 })
  })

  test.each(['gzip', 'deflate', 'br', 'zstd'])('%s that is none, or ends too early, is a 400', async (coding) => {
    const { send } = await openHouse()
    const packed = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync }[coding]
    const headers = { 'content-encoding': coding }
    for (const body of [Buffer.from('this is not packed at all'), packed?.(encode(TRACES, 'protobuf')).subarray(0, -9)])
      expect(await send({ headers, body: body ?? Buffer.alloc(0) })).toMatchObject({ status: 400 })
  })

  test('others are a 415, of which the answer names what would do', async () => {
    const { send } = await openHouse()
    const packed = await send({ headers: { 'content-encoding': 'compress' } })
    expect(packed).toMatchObject({ status: 415, headers: { 'accept-encoding': 'gzip, deflate, br, zstd' } })
    expect(await send({ headers: { 'content-encoding': 'gzip, gzip' } })).toMatchObject({ status: 415 })
    const typed = await send({ headers: { 'content-type': 'text/plain' } })
    expect(typed).toMatchObject({ status: 415, headers: { 'content-type': TYPES.json } })
    expect(read(typed).message).toContain('application/x-protobuf')
    const charset = { 'content-type': 'Application/JSON; charset=utf-8' }
    expect(await send({ headers: charset, body: encode(TRACES, 'json') })).toMatchObject({ status: 200 })
  })

  test('other methods are a 405', async () => {
    const { send } = await openHouse()
    expect(await send({ method: 'GET', body: Buffer.alloc(0) })).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    })
    expect(await send({ method: 'PUT' })).toMatchObject({ status: 405 })
  })
})

describe('who may send', () => {
  test('the tenant and the user are those of the key, whatever the export says', async () => {
    const { send, parts } = await openHouse()
    const claims = [TENANT, { key: 'user.id', value: { stringValue: 'bob' } }]
    const body = encode(
      {
        resourceSpans: [
          { resource: { attributes: claims }, scopeSpans: [{ spans: [span(0, { attributes: claims })] }] },
        ],
      },
      'protobuf',
    )
    for (const headers of [{ 'x-api-key': ADMIN_KEY }, { authorization: `Bearer ${ALICE_KEY}` }, {}])
      expect(await send({ headers, body })).toMatchObject({ status: 200 })
    expect(parts.drafts.map(({ tenant_id }) => tenant_id)).toEqual(['default', 'default', 'default'])
    expect(parts.drafts.map(({ user_id }) => user_id === 'alice')).toEqual([false, true, false])
  })

  test.each([
    ...[
      ['origin', 'http://127.0.0.1:4318'],
      ['sec-fetch-site', 'same-origin'],
      ['referer', 'http://evil.example/'],
    ],
    ...[
      ['forwarded', 'for=127.0.0.1'],
      ['x-forwarded-proto', 'http'],
      ['x-forwarded', '1'],
      ['via', '1.1 proxy'],
    ],
    ...[
      ['x-real-ip', '127.0.0.1'],
      ['cf-connecting-ip', '127.0.0.1'],
      ['x-client-ip', '::1'],
      ['true-client-ip', '::1'],
    ],
  ])('a request with %s needs a key', async (name = '', value = '') => {
    const { send, parts } = await openHouse()
    expect(await send({ headers: { [name]: value } })).toMatchObject({ status: 403 })
    expect(await send({ path: '/v1/metrics', headers: { [name]: value } })).toMatchObject({ status: 403 })
    expect(parts.drafts).toEqual([])
    expect(await send({ headers: { [name]: value, 'x-api-key': ADMIN_KEY } })).toMatchObject({ status: 200 })
  })

  test('a program that uses the fetch of Node is none of a page', async () => {
    const { send } = await openHouse()
    expect(await send({ headers: { 'sec-fetch-mode': 'cors' } })).toMatchObject({ status: 200 })
  })

  test('with keyless off every request needs a key', async () => {
    const { send } = await openHouse({ otlp: { ...OPTIONS.otlp, keyless: false } })
    expect(await send()).toMatchObject({ status: 403 })
    expect(await send({ headers: { 'x-api-key': ADMIN_KEY } })).toMatchObject({ status: 200 })
  })

  test('a peer that is not of this machine needs a key', async () => {
    const host = express()
    const peers = [
      '10.1.2.3',
      '::ffff:10.1.2.3',
      '2001:db8::1',
      '127.0.0.1.evil',
      '',
      '::ffff:127.0.0.1',
      '::1',
      '127.9.9.9',
    ]
    host.use((req, _res, next) => {
      Object.defineProperty(req.socket, 'remoteAddress', {
        value: peers[Number(req.get('x-peer'))],
        configurable: true,
      })
      next()
    })
    host.use(createRouter(createMemoryParts(), OPTIONS))
    const send = await serve(host)
    const statuses: number[] = []
    for (const peer of peers.keys()) statuses.push((await send({ headers: { 'x-peer': String(peer) } })).status)
    expect(statuses).toEqual([403, 403, 403, 403, 403, 200, 200, 200])
  })

  test('while keys can not be looked up, an exporter with one is told to come again', async () => {
    const { send, parts } = await openHouse()
    parts.setDatabaseUp(false)
    expect(await send({ headers: { 'x-api-key': ALICE_KEY } })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
    })
    expect(await send()).toMatchObject({ status: 200 })
  })
})

describe('below the routes of a host', () => {
  const openHost = async (...parsers: express.RequestHandler[]) => {
    const parts = createMemoryParts()
    const host = express()
    if (parsers.length > 0) host.use(parsers)
    host.use('/daybook', createRouter(parts, OPTIONS))
    const send = await serve(host)
    return { parts, send: (sent: Sent) => send({ path: '/daybook/v1/traces', ...sent }) }
  }
  const json = { headers: { 'content-type': TYPES.json }, body: encode(TRACES, 'json') }

  test('the receiver is where the router is mounted', async () => {
    const { send, parts } = await openHost()
    expect(await send({})).toMatchObject({ status: 200 })
    expect(parts.drafts).toHaveLength(1)
  })

  test.each([
    ['express.json', express.json()],
    ['express.raw', express.raw({ type: () => true })],
    ['express.text', express.text({ type: () => true })],
  ])('what %s has read already is taken as it is', async (_name, parser) => {
    const { send, parts } = await openHost(parser)
    expect(await send(json)).toMatchObject({ status: 200 })
    expect(parts.drafts).toHaveLength(1)
    expect(await send({ ...json, body: Buffer.alloc(0) })).toMatchObject({ status: 200 })
  })

  test('what a parser has read and not kept is a 400 that says what to do', async () => {
    const { send } = await openHost((req, _res, next) => void req.resume().once('end', next))
    const answer = await send({})
    expect([answer.status, read(answer).message]).toEqual([
      400,
      expect.stringContaining('before the app’s body parsers'),
    ])
    const { send: toParsed } = await openHost(express.json({ type: () => true, strict: false }))
    expect(await toParsed({ body: Buffer.from('7') })).toMatchObject({ status: 400 })
  })
})

test('metrics are taken and dropped, and the answer says so', async () => {
  const { send, parts } = await openHouse()
  for (const encoding of ENCODINGS) {
    const headers = { 'content-type': TYPES[encoding] }
    const answer = await send({ path: '/v1/metrics', headers, body: Buffer.alloc(100_000, 1) })
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': TYPES[encoding] } })
    expect(answer.body.toString()).toContain('OTEL_METRICS_EXPORTER=none')
  }
  expect(parts.drafts).toEqual([])
})

test('of many bodies that grow, only so many are held at one time: the others come again', async () => {
  const { send } = await openHouse({ otlp: { maxBytes: 16_777_216, keyless: true } })
  const bomb = gzipSync(Buffer.alloc(16_000_000, 0x0a))
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => send({ headers: { 'content-encoding': 'gzip' }, body: bomb })),
  )
  const statuses = new Set(answers.map(({ status }) => status))
  expect([...statuses].sort()).toEqual([400, 503])
  expect(answers.find(({ status }) => status === 503)?.headers['retry-after']).toBe('2')
  expect(await send({ headers: { 'content-encoding': 'gzip' }, body: bomb })).toMatchObject({ status: 400 })
})

test.each(['amid its body', 'before its body is read'])('a client that goes away %s holds nothing', async (when) => {
  const host = express()
  let gone = Promise.withResolvers<void>()
  let leaving: ClientRequest | undefined
  host.use((req, _res, next) => {
    if (req.get('x-leaves') === undefined) return next()
    req.once('close', gone.resolve)
    if (when === 'before its body is read') {
      req.once('close', next)
      leaving?.destroy()
    } else {
      next()
      void waitUntil(() => req.readableDidRead, { what: 'the body to be read' }).then(() => leaving?.destroy())
    }
  })
  host.use(createRouter(createMemoryParts(), { ...OPTIONS, otlp: { maxBytes: 16_777_216, keyless: true } }))
  const send = await serve(host)
  const half = brotliCompressSync(randomBytes(100_000)).subarray(0, 50_000)
  for (const coding of ['identity', 'br', 'br', 'br']) {
    gone = Promise.withResolvers()
    leaving = send.open({ headers: { 'content-encoding': coding, 'x-leaves': '1', 'x-api-key': ADMIN_KEY } })
    leaving.on('error', () => undefined).write(coding === 'br' ? half : 'half')
    await gone.promise
  }
  const packed = brotliCompressSync(encode(TRACES, 'protobuf'))
  expect(await send({ headers: { 'content-encoding': 'br' }, body: packed })).toMatchObject({ status: 200 })
})

test('a hundred bombs at a time are refused, the memory stays flat, and the next export is taken', async () => {
  const { send } = await openHouse()
  const headers = { 'content-encoding': 'gzip' }
  const body = gzipSync(Buffer.alloc(50_000_000))
  await send({ headers, body })
  const before = process.memoryUsage().rss
  const answers = await Promise.all(Array.from({ length: 100 }, () => send({ headers, body })))
  expect(
    [...new Set(answers.map(({ status }) => status))].filter((status) => status !== 413 && status !== 503),
  ).toEqual([])
  // All of them inflated are five times that.
  expect(process.memoryUsage().rss - before).toBeLessThan(1_000_000_000)
  expect(await send()).toMatchObject({ status: 200 })
})

test.each([
  ['protobuf', ProtobufExporter],
  ['json', JsonExporter],
] as const)('a real exporter tries again after a 503, as %s', async (_encoding, Exporter) => {
  const parts = createMemoryParts()
  const statuses: number[] = []
  const host = express()
  host.use((_req, res, next) => {
    res.once('finish', () => {
      statuses.push(res.statusCode)
      parts.setRoom(Number.POSITIVE_INFINITY)
    })
    next()
  })
  host.use(createRouter(parts, OPTIONS))
  const { port } = await serve(host)
  parts.setRoom(0)
  const exporter = new Exporter({ url: `http://127.0.0.1:${port}/v1/traces`, timeoutMillis: 60_000 })
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  provider.getTracer('shop').startSpan('work').end()
  await waitUntil(() => statuses.length === 2, { what: 'the second try' })
  await provider.shutdown()
  expect(statuses).toEqual([503, 200])
  expect(parts.drafts.map(({ action_description }) => action_description)).toEqual(['work'])
})
