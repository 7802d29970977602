/** Sizes, headers and bodies of requests and their responses. */
import { describe, expect, test } from '@jest/globals'
import express, { type Express, type Request, type Response } from 'express'
import type { RequestOptions } from '../../../src/config/request-options.ts'
import { createHost, dial, get } from './host.ts'

const JSON_HEADERS = { 'Content-Type': 'application/json' }
const ALL: RequestOptions = { requestBodies: ['/*'], responseBodies: ['/*'] }

const answering = (answer: (req: Request, res: Response) => void) => (app: Express) => {
  app.use(express.json(), express.urlencoded({ extended: true }), express.text(), express.raw({ type: 'image/png' }))
  app.use(answer)
}

const inTwo = (res: Response, first: string, last: string): void => {
  res.write(first)
  res.end(last)
}

describe('bytes of a response', () => {
  test.each<[string, (res: Response) => void, number]>([
    ['sent as JSON', (res) => void res.json({ a: 'é' }), Buffer.byteLength('{"a":"é"}')],
    ['sent at once', (res) => void res.end('é'), 2],
    ['sent in another encoding', (res) => void res.end('é', 'latin1'), 1],
    ['sent as bytes', (res) => void res.end(Buffer.alloc(10_000)), 10_000],
    ['sent as nothing', (res) => void res.set('Content-Length', '0').end(), 0],
    ['announced', (res) => inTwo(res.set('Content-Length', '3'), 'ab', 'c'), 3],
  ])('%s', async (_how, answer, bytes) => {
    const host = await createHost(answering((_req, res) => answer(res)))
    await host.ask('/')
    expect((await host.onlyEvent()).metadata).toEqual({ 'http.response.body.size': bytes })
  })

  test('streamed are those that the socket sent', async () => {
    const host = await createHost(answering((_req, res) => inTwo(res, 'x'.repeat(5_000), 'y')))
    const { rawHeaders } = await host.ask('/')
    const { 'http.response.size': sent } = (await host.onlyEvent()).metadata as Record<string, number>
    const head = rawHeaders.join('').length
    expect(sent).toBeGreaterThan(5_001 + head)
    expect(sent).toBeLessThan(5_001 + head + 200)
  })

  test('of a second request on a connection are its own', async () => {
    const host = await createHost(answering((_req, res) => inTwo(res, 'x'.repeat(1_000), '')))
    const line = dial(host.port, get('/a'))
    await line.hear('0\r\n\r\n')
    line.socket.write(get('/b'))
    await line.hear('0\r\n\r\n', 2)
    const [a, b] = host.recorder.events.map(({ metadata }) => Object.values(metadata as Record<string, number>)[0])
    expect(a).toBeGreaterThan(1_000)
    expect(b).toBe(a)
  })

  test('of a response without a body are not told', async () => {
    const host = await createHost(answering((_req, res) => void res.json({ a: 1 })))
    await host.ask('/', { method: 'HEAD' })
    expect((await host.onlyEvent()).metadata).toBeUndefined()
  })
})

test('bytes of a request are those it announces', async () => {
  const host = await createHost(answering((_req, res) => void res.sendStatus(204)))
  await host.ask('/', { method: 'POST', body: '{"a":1}', headers: { ...JSON_HEADERS, 'Content-Length': '7' } })
  expect((await host.onlyEvent()).metadata).toEqual({ 'http.request.body.size': 7 })
})

test('headers are kept by name, and those that hold secrets are redacted', async () => {
  const host = await createHost(
    answering((_req, res) => void res.set({ ETag: '"1"', 'Set-Cookie': ['a=1', 'b=2'] }).sendStatus(204)),
    { requests: { requestHeaders: ['X-Tenant', 'Authorization', 'X-None'], responseHeaders: ['etag', 'set-cookie'] } },
  )
  await host.ask('/', { headers: { 'X-Tenant': 'acme', Authorization: 'Bearer hunter2hunter2' } })
  expect((await host.onlyEvent()).metadata).toEqual({
    'http.request.header.x-tenant': ['acme'],
    'http.request.header.authorization': '[REDACTED]',
    'http.response.header.etag': ['"1"'],
    'http.response.header.set-cookie': '[REDACTED]',
  })
})

describe('bodies', () => {
  test('are kept where they are asked for, with their secrets redacted', async () => {
    const host = await createHost(
      answering((_req, res) => void res.json({ id: 7, token: 'abc' })),
      { requests: { requestBodies: ['POST /orders'], responseBodies: ['POST /orders'] } },
    )
    const body = JSON.stringify({ item: 'tea', password: 'hunter2' })
    for (const path of ['/orders', '/others']) await host.ask(path, { method: 'POST', body, headers: JSON_HEADERS })
    expect(host.recorder.events.map(({ payload }) => payload)).toEqual([
      { request: { item: 'tea', password: '[REDACTED]' }, response: { id: 7, token: '[REDACTED]' } },
      undefined,
    ])
  })

  test.each<[string, string, string, unknown]>([
    ['a form', 'application/x-www-form-urlencoded', 'a=1&b[c]=2', { a: '1', b: { c: '2' } }],
    ['text', 'text/plain', 'a line', 'a line'],
    ['bytes, which are left out', 'image/png', 'png', undefined],
    ['what no parser has read', 'application/xml', '<a/>', undefined],
  ])('of a request: %s', async (_what, type, body, expected) => {
    const host = await createHost(
      answering((_req, res) => void res.sendStatus(204)),
      { requests: ALL },
    )
    await host.ask('/', { method: 'POST', body, headers: { 'Content-Type': type } })
    expect((await host.onlyEvent()).payload).toEqual(expected === undefined ? undefined : { request: expected })
  })

  test.each<[string, (res: Response) => void, unknown]>([
    ['JSON', (res) => void res.json({ a: 1 }), { a: 1 }],
    ['JSON as bytes', (res) => void res.type('json').end(Buffer.from('{"a":2}')), { a: 2 }],
    ['broken JSON', (res) => void res.type('json').end('{"a":'), '{"a":'],
    ['text', (res) => void res.type('text').send('hello'), 'hello'],
    ['bytes, which are left out', (res) => void res.type('png').end('png'), undefined],
    ['packed text, which is left out', (res) => void res.type('text').set('Content-Encoding', 'x').end('a'), undefined],
    ['a stream, which is left out', (res) => inTwo(res.type('text'), 'a', 'b'), undefined],
    ['too much', (res) => void res.json({ a: 'x'.repeat(2_000) }), '[TRUNCATED: 2008 bytes]'],
  ])('of a response: %s', async (_what, answer, expected) => {
    const host = await createHost(
      answering((_req, res) => answer(res)),
      { requests: ALL },
    )
    await host.ask('/')
    expect((await host.onlyEvent()).payload).toEqual(expected === undefined ? undefined : { response: expected })
  })
})

test.each<[string, () => string]>([
  ['an array nested 49,000 deep', () => `${'['.repeat(49_000)}${']'.repeat(49_000)}`],
  ['a million keys', () => `{${Array.from({ length: 1_000_000 }, (_, i) => `"k${i}":1`).join(',')}}`],
  ['NUL, lone surrogates and a __proto__', () => '{"a":"\\u0000\\ud800","__proto__":{"b":1}}'],
])('%s: the answer is as without us, and the event is stored, bounded', async (_what, toBody) => {
  const body = toBody()
  const host = await createHost(
    (app) => app.use(express.json({ limit: '50mb' }), (_req, res) => void res.type('json').send(body)),
    { requests: { ...ALL, bodyMaxBytes: 50_000_000 } },
  )
  const answer = await host.ask('/', { method: 'POST', body, headers: JSON_HEADERS })
  expect([answer.status, answer.body === body]).toEqual([200, true])
  const event = await host.onlyEvent()
  expect(JSON.stringify(event).length).toBeLessThan(1_000_000)
  expect(event.payload).toMatchObject({ request: expect.anything(), response: expect.anything() })
})

test('what the host has broken costs the event its sizes and no more', async () => {
  const host = await createHost(
    answering((_req, res) => {
      Object.assign(res, {
        getHeader: () => {
          throw new Error('broken by the host')
        },
      })
      res.writeHead(200, { 'Content-Type': 'text/plain' }).end('ok')
    }),
  )
  expect((await host.ask('/')).body).toBe('ok')
  expect(await host.onlyEvent()).toMatchObject({ event_type: 'API_REQUEST', status_code: 200, path: '/' })
})
