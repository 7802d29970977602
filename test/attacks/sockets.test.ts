/** What a client does to the connection itself: requests that two readers end at different places, and none that ends. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { expect, test } from '@jest/globals'
import { createHttpServer, type ServerLimits } from '../../src/http-server.ts'
import { createHouse, type House } from '../api/ask.ts'
import { ADMIN_KEY, ALICE_KEY } from '../api/parts.ts'
import { dial } from '../capture/express/host.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { waitUntil } from '../kit/wait-until.ts'

const KEY = `X-API-Key: ${ADMIN_KEY}`
const EVENT = '{"event_type":"A"}'
const SMUGGLED = `POST /events HTTP/1.1\r\nHost: x\r\n${KEY}\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n${EVENT}`
const post = (headers: readonly string[], body: string): string =>
  ['POST /errors HTTP/1.1', 'Host: x', KEY, 'Content-Type: application/json', ...headers, '', body].join('\r\n')
const CHUNKED = 'Transfer-Encoding: chunked'

async function listenWith(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestEnd(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const WITH = { live: { stalledMs: 200 } }
const openHouse = async (house: House = createHouse(WITH), limits?: ServerLimits) => {
  const server = createHttpServer(house.app, limits)
  return { house, server, port: await listenWith(server) }
}

/** Each is refused with 400, and its connection is closed, so that nothing behind it is a request. */
const SMUGGLING: readonly (readonly [what: string, request: string])[] = [
  ['a length and chunks', post(['Content-Length: 4', CHUNKED], `0\r\n\r\n${SMUGGLED}`)],
  ['chunks and a length', post([CHUNKED, 'Content-Length: 4'], `0\r\n\r\n${SMUGGLED}`)],
  ['two lengths', post(['Content-Length: 2', 'Content-Length: 200'], `{}${SMUGGLED}`)],
  ['two lengths in one', post(['Content-Length: 2, 200'], `{}${SMUGGLED}`)],
  ['a length with a sign', post(['Content-Length: +2'], `{}${SMUGGLED}`)],
  ['a length in hex', post(['Content-Length: 0x2'], `{}${SMUGGLED}`)],
  ['a length below nothing', post(['Content-Length: -1'], SMUGGLED)],
  ['a folded header', post(['X-A: 1', ' Content-Length: 200', 'Content-Length: 2'], `{}${SMUGGLED}`)],
  ['a line that ends in a bare LF', post(['X-A: 1\nContent-Length: 2'], `{}${SMUGGLED}`)],
  ['a line that ends in a bare CR', post(['X-A: 1\rContent-Length: 2'], `{}${SMUGGLED}`)],
  ['a blank before the colon', post(['Content-Length : 2'], `{}${SMUGGLED}`)],
  ['a name with a control character', post(['Content\x01Length: 2'], `{}${SMUGGLED}`)],
  ['a value with a NUL', post(['X-A: \x00', 'Content-Length: 2'], `{}${SMUGGLED}`)],
  ['chunks that are named twice', post(['Transfer-Encoding: chunked, identity'], `0\r\n\r\n${SMUGGLED}`)],
  ['chunks by a name that is almost theirs', post(['Transfer-Encoding: xchunked'], `0\r\n\r\n${SMUGGLED}`)],
  ['a chunk whose size is none', post([CHUNKED], `zz\r\n{}\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a chunk whose size has a sign', post([CHUNKED], `-2\r\n{}\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a chunk of 2^64 bytes', post([CHUNKED], `10000000000000002\r\n{}\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a chunk that is longer than it says', post([CHUNKED], `2\r\n{}{}\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a chunk size that ends in a bare LF', post([CHUNKED], `2\n{}\r\n0\r\n\r\n${SMUGGLED}`)],
  ['an address with a blank', `GET /healthz /events HTTP/1.1\r\nHost: x\r\n\r\n${SMUGGLED}`],
  ['a version that there is not', `GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n${SMUGGLED}`],
]

test('what two readers could end at different places is refused, and the connection closed', async () => {
  const { house, port } = await openHouse()
  for (const [what, request] of SMUGGLING) {
    const { closed, heard } = dial(port, request)
    await closed
    expect({ what, status: heard().slice(9, 12) }).toEqual({ what, status: '400' })
    expect({ what, answers: heard().match(/HTTP\/1\.1 \d/g) }).toEqual({ what, answers: ['HTTP/1.1 4'] })
  }
  expect([house.parts.drafts, house.parts.errorDrafts]).toEqual([[], []])
})

test('the control: a lax reader takes what is hidden behind some of them', async () => {
  const house = createHouse()
  const port = await listenWith(createServer({ insecureHTTPParser: true }, house.app))
  for (const [, request] of SMUGGLING) dial(port, request)
  await waitUntil(() => house.parts.drafts.length > 0, { what: 'what was smuggled' })
})

test('an extension of a chunk as large as 17 kB is refused', async () => {
  const { port } = await openHouse()
  const { closed, heard } = dial(port, post([CHUNKED], `2;${'x'.repeat(17_000)}\r\n{}\r\n0\r\n\r\n`))
  await closed
  expect(heard()).toMatch(/^HTTP\/1\.1 413/)
})

test('an export ends when its key is revoked', async () => {
  const house = createHouse({ live: { recheckMs: 50 } })
  const { server, port } = await openHouse(house)
  for (let n = 0; n < 400; n++) house.log({ event_type: 'A', user_id: 'alice', action_description: 'x'.repeat(50_000) })
  await openDeaf(port, '/events/export', ALICE_KEY)
  house.parts.revoke(ALICE_KEY)
  await waitUntil(async () => (await connectionsOf(server)) === 0, { what: 'the export to be cut' })
})

/** However it ends. */
const toClosed = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once('close', resolve))

/** Says a little of it from time to time, and never all. */
function drip(port: number, first: string, more: string): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  socket.write(first)
  const timer = setInterval(() => void socket.write(more), 30)
  socket.resume().once('close', () => clearInterval(timer))
  onTestEnd(() => void socket.destroy())
  return socket
}

const SLOW = [
  ['its headers', 'GET /events HTTP/1.1\r\nHost: x\r\n', 'X-A: 1\r\n'],
  [
    'its body',
    `POST /events HTTP/1.1\r\nHost: x\r\n${KEY}\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{`,
    ' ',
  ],
  ['its chunks', post([CHUNKED], '1\r\n{\r\n'), '1\r\n \r\n'],
] as const

/** So soon that a test can wait for them, and so late that they meet nobody who is only held up. */
const SOON: ServerLimits = { headersMs: 3_000, requestMs: 5_000, checkMs: 20 }

test.each(SLOW)('who is slow with %s is cut off, and others are served meanwhile', async (_, first, more) => {
  const { house, port } = await openHouse(createHouse(WITH), SOON)
  const slow = Array.from({ length: 200 }, () => drip(port, first, more))
  const ended = Promise.all(slow.map(toClosed))
  const other = dial(port, `GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
  await other.closed
  expect(other.heard()).toMatch(/^HTTP\/1\.1 200/)
  await ended
  expect(house.parts.drafts).toEqual([])
})

test('connections on which nothing is said are closed, and others are served meanwhile', async () => {
  const { port } = await openHouse(createHouse(WITH), SOON)
  const silent = Array.from({ length: 500 }, () =>
    connect(port, '127.0.0.1')
      .on('error', () => undefined)
      .resume(),
  )
  const ended = Promise.all(silent.map(toClosed))
  const other = dial(port, `GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
  await other.closed
  expect(other.heard()).toMatch(/^HTTP\/1\.1 200/)
  await ended
})

test.each(['/events?limit=1000', '/events/export'])('who never reads the answer to %s is cut off', async (path) => {
  const { house, server, port } = await openHouse()
  for (let n = 0; n < 400; n++) house.log({ event_type: 'A', action_description: 'x'.repeat(50_000) })
  await openDeaf(port, path, ADMIN_KEY)
  // What the kernels hold between us is all that it gets.
  await waitUntil(async () => (await connectionsOf(server)) === 0, { what: 'the connection to be cut' })
})

test.each(['/events', '/events/export'])('the limit ends with the answer to %s: the next may be slow', async (path) => {
  const { server, port } = await openHouse(createHouse({ live: { stalledMs: 60_000 } }))
  // Then Node gives the connection no other limit either.
  server.keepAliveTimeout = 0
  const [[socket], other] = await Promise.all([
    once(server, 'connection') as Promise<[Socket]>,
    dial(port, `GET ${path} HTTP/1.1\r\nHost: x\r\n${KEY}\r\n\r\n`),
  ])
  await waitUntil(() => /\r\n\r\n/.test(other.heard()), { what: 'the answer' })
  await waitUntil(() => !socket.timeout, { what: 'the limit to end' })
  socket.destroy()
})

/** A client that has asked and reads no more. */
async function openDeaf(port: number, path: string, key: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  onTestEnd(() => void socket.destroy())
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nX-API-Key: ${key}\r\n\r\n`)
  await once(socket, 'readable')
  return socket.pause()
}

const connectionsOf = (server: Server): Promise<number> =>
  new Promise((resolve) => server.getConnections((_error, count) => resolve(count)))

test('the server that Daybook makes has limits of seconds, and Node would have had a minute', async () => {
  const { headersTimeout, requestTimeout } = createHttpServer(() => undefined)
  expect([headersTimeout, requestTimeout]).toEqual([15_000, 300_000])
  expect(createServer().headersTimeout).toBe(60_000)
})
