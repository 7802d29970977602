/** What is sent to the API to break it, or to be taken for something else. */
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import express from 'express'
import { middleware } from 'express-openapi-validator'
import request from 'supertest'
import { readSpec, toOperations } from '../../src/api/spec.ts'
import { createTelemetry } from '../../src/capture/otel/telemetry.ts'
import { createOtlpIntake } from '../../src/capture/otlp/intake.ts'
import { createRecorder } from '../capture/recorder.ts'
import { toProtobuf } from '../kit/otlp-messages.ts'
import { JSON_TYPE, sharedHouse } from './open-house.ts'

const open = sharedHouse({ otlp: { maxBytes: 1_048_576, keyless: true } })
const spec = readSpec()
/** Receivers of telemetry read no query, and their bodies are no JSON of ours. */
const operations = toOperations(spec).filter(({ route }) => !route.startsWith('/v1/'))
const toPath = (route: string): string =>
  route.replace(':date', '2026-11-21').replaceAll(/:\w+/g, '019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a10')

const FULL_BYTES = 20 * 1_048_576
const CODINGS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync } as const

test.each(Object.entries(CODINGS))('20 MB of JSON that %s has made small are refused', async (coding, pack) => {
  const { send, house } = open()
  const body = pack(Buffer.from(`{"event_type":"A"${' '.repeat(FULL_BYTES)}}`))
  expect(body.length).toBeLessThan(FULL_BYTES / 500)
  // A connection that is kept may be over by the time that all is packed.
  const headers = { ...JSON_TYPE, 'content-encoding': coding, connection: 'close' }
  expect((await send('POST', '/events', { headers, body })).status).toBe(413)
  expect((await send('POST', '/errors', { headers, body })).status).toBe(413)
  const twice = { ...headers, 'content-encoding': `${coding}, ${coding}` }
  expect((await send('POST', '/events', { headers: twice, body: pack(body) })).status).toBe(415)
  expect(house.parts.drafts).toEqual([])
  // The control: without a limit it is taken.
  const bare = express().post('/', express.json({ limit: '1gb' }), (_req, res) => void res.sendStatus(202))
  const taken = request(bare).post('/').set(headers)
  await taken
    .serialize((v) => v)
    .send(body as never)
    .expect(202)
})

test('letters that are too long for UTF-8 hide no secret from redaction', () => {
  const canary = 'correcthorsebatterystaple'
  /** Each letter as the two bytes that UTF-8 forbids. */
  const toOverlong = (text: string) =>
    Buffer.from([...text].flatMap((c) => [0xc0 | (c.charCodeAt(0) >> 6), 0x80 | (c.charCodeAt(0) & 63)]))
  const readLaxly = (text: string) =>
    text.replaceAll(/[\xc0\xc1][\x80-\xbf]/g, (two) =>
      String.fromCharCode(((two.charCodeAt(0) & 3) << 6) | (two.charCodeAt(1) & 63)),
    )
  const marked = 'n'.repeat(2 * 'password='.length)
  const span = {
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
    name: `${marked}${canary}`,
    attributes: [{ key: 'marked'.padEnd(16, 'm'), value: { stringValue: `password=${canary}` } }],
  }
  const bytes = Buffer.from(toProtobuf('traces', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }))
  bytes.set(toOverlong('password='), bytes.indexOf(marked))
  bytes.set(toOverlong('password'), bytes.indexOf('marked'))
  // Who reads those letters as a lax reader does finds the names of secrets in them.
  expect(readLaxly(bytes.toString('latin1'))).toContain(`password=${canary}`)

  const recorder = createRecorder()
  createOtlpIntake(createTelemetry(recorder)).take(bytes, {
    signal: 'traces',
    encoding: 'protobuf',
    tenant_id: 'default',
  })
  // Redaction sees what is stored: letters that nobody can read are none, and name nothing.
  expect(recorder.events).toMatchObject([
    {
      action_description: `${'\ufffd'.repeat(marked.length)}${canary}`,
      payload: { ['\ufffd'.repeat(16)]: 'password=[REDACTED]' },
    },
  ])
})

test.each(operations.filter(({ body }) => body).map(({ id, method, route }) => [id, method, route] as const))(
  'multipart is a 415 for %s, before a part of it is read',
  async (_id, method, route) => {
    const { send, house } = open()
    const part = 'Content-Disposition: form-data; name="event_type"'
    const body = `--b\r\n${part}; filename="../../x"\r\n\r\nCOMMIT\r\n--b\r\n${part.replace('"e', '"e[a][b]')}\r\n\r\nA\r\n`
    const before = house.parts.drafts.length
    for (const type of ['multipart/form-data; boundary=b', 'multipart/form-data', 'multipart/mixed; boundary=b']) {
      const headers = { 'content-type': type }
      const { status } = await send(method.toUpperCase(), toPath(route), { headers, body })
      expect({ type, status }).toEqual({ type, status: 415 })
    }
    expect(house.parts.drafts.length).toBe(before)
  },
)

test('every operation refuses a parameter that it does not know, and none takes an object', async () => {
  const { send } = open()
  for (const { id, method, route, query } of operations) {
    expect({ id, objects: query.filter(({ schema }) => schema.type === 'object') }).toEqual({ id, objects: [] })
    for (const { name, schema } of query)
      expect({ id, name, type: schema.items?.type }).not.toMatchObject({ type: 'object' })
    for (const name of ['nonsense', 'filter[a]', '__proto__[a]', 'constructor']) {
      const { status, text } = await send(method.toUpperCase(), `${toPath(route)}?${name}=1`)
      expect({ id, name, status }).toEqual({ id, name, status: 400 })
      expect(JSON.parse(text).errors[0].name).toBe(name)
    }
  }
})

test('the control: where one parameter is a free-form object, the validator takes any other', async () => {
  const free = { name: 'filter', in: 'query', schema: { type: 'object', additionalProperties: { type: 'string' } } }
  const get = { parameters: [free], responses: { 200: { description: 'd' } } }
  const apiSpec = { openapi: '3.0.0', info: { title: 't', version: '1' }, paths: { '/': { get } } }
  const twin = express()
    .use(middleware({ apiSpec: apiSpec as never, validateResponses: false }))
    .get('/', (_req, res) => void res.sendStatus(200))
  await request(twin).get('/?nonsense=1').expect(200)
})

const NUMBER_TRICKS = ['0x10', '1e1', '%205', '５']
const MORE_TRICKS = [
  '1e20',
  '5%20',
  '+5',
  '5.0',
  '05.',
  '0b11',
  '0o7',
  '١٢',
  '1_0',
  '5;limit=9',
  '5%00',
  '5%0a',
].concat(...['NaN', 'Infinity', '--5', '', '99999999999999999999', '[5]', '{"a":5}'])

test('whole numbers are digits and nothing else, in every parameter that takes one', async () => {
  const { send } = open()
  const named = operations.flatMap(({ method, route, query }) =>
    query.filter(({ schema }) => schema.type === 'integer').map(({ name }) => ({ method, route, name })),
  )
  expect(named.length).toBeGreaterThan(8)
  for (const { method, route, name } of named) {
    const ask = (value: string) => send(method.toUpperCase(), `${toPath(route)}?${name}=${value}`)
    const tricks = [...NUMBER_TRICKS, ...(route === '/events' ? MORE_TRICKS : []), `5&${name}=6`]
    const statuses = await Promise.all(
      tricks.map(async (trick) => [trick, (await ask(encodeURI(trick).replaceAll('%25', '%'))).status]),
    )
    expect({ route, name, taken: statuses.filter(([, status]) => status !== 400) }).toEqual({ route, name, taken: [] })
    // That is the number 0, which is allowed or not.
    expect((await ask('-0')).status).toBe((await ask('0')).status)
  }
})

const DEEP = `a${'[b]'.repeat(4_000)}=1`
const QS = [
  ['20,000 values in one list', 'limit[]=1&'.repeat(1_400)],
  ['a place far behind', 'limit[1000000]=1'],
  ['4,000 brackets', DEEP],
  ['lists with commas', `limit=${','.repeat(15_000)}`],
  ['a thousand names', Array.from({ length: 1_000 }, (_, n) => `x${n}=1`).join('&')],
] as const

test.each(QS)('a query of %s is refused, whatever a reader of nested ones would make of it', async (_, query) => {
  const { send, house } = open()
  expect((await send('GET', `/events?${query}`)).status).toBe(400)
  expect((await send('GET', `/events?event_type=commit&${query}`)).status).toBe(400)
  expect(house.parts.errorDrafts.filter(({ severity }) => severity === 'critical')).toEqual([])
})

test('the control: a reader of nested queries makes objects of them', async () => {
  const twin = express().set('query parser', 'extended')
  twin.get('/', (req, res) => void res.json(req.query))
  const { body } = await request(twin).get('/?limit[1000000]=1&user_id[$ne]=a')
  expect(body).toEqual({ limit: expect.anything(), user_id: { $ne: 'a' } })
})

const EVENT = '{"event_type":"A"}'
const UTF7 = '+AHsAIgBlAHYAZQBuAHQAXwB0AHkAcABlACIAOgAiAEEAIgB9-'
const CHARSETS: readonly (readonly [type: string, body: string | Uint8Array, status: number])[] = [
  ['application/json', EVENT, 202],
  ['Application/JSON ; Charset="UTF-8"', EVENT, 202],
  ['application/json; charset=utf-7', UTF7, 415],
  ['application/json; charset=utf-16le', Buffer.from(EVENT, 'utf16le'), 415],
  ['application/json; charset=utf-16', Buffer.from(EVENT, 'utf16le'), 415],
  ['application/json; charset=utf-32', EVENT, 415],
  ['application/json; charset=iso-8859-1', EVENT, 415],
  ['application/json; charset=x', EVENT, 415],
  ['application/json; charset=', EVENT, 415],
  ['application/json', Buffer.from(EVENT, 'utf16le'), 400],
  ['application/json', UTF7, 400],
  ['', EVENT, 415],
  ['text/plain', EVENT, 415],
  ['text/json', EVENT, 415],
  ['application/jsonp', EVENT, 415],
  ['application/xml', EVENT, 415],
  ['application/x-www-form-urlencoded', EVENT, 415],
  ['application/json, text/plain', EVENT, 415],
  ['application/problem+json', EVENT, 415],
  ['*/*', EVENT, 415],
]

test.each(CHARSETS)('a body that says it is "%s"', async (type, body, status) => {
  const { send, house } = open()
  const before = house.parts.drafts.length
  const answer = await send('POST', '/events', { headers: type === '' ? {} : { 'content-type': type }, body })
  expect(answer.status).toBe(status)
  expect(house.parts.drafts.length - before).toBe(status === 202 ? 1 : 0)
})
