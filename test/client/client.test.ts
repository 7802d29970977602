/** The client of the API, over real HTTP. */
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { allEvents, type Client, createClient, follow, Refusal } from '../../src/client/client.ts'
import { OPERATIONS } from '../../src/client/operations.generated.ts'
import { createHouse, type House } from '../api/ask.ts'
import { ADMIN_KEY } from '../api/parts.ts'
import { onTestEnd } from '../kit/clean-up.ts'

let house: House
let server: Server
let baseUrl: string
let client: Client

beforeAll(async () => {
  house = createHouse({ mount: '/daybook' })
  server = createServer(house.app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/daybook`
  client = createClient({ baseUrl, key: ADMIN_KEY })
})
afterAll(() => void server.close())

test('what is logged through the client is found through it, by one filter of several values', async () => {
  const { ids } = await client.addEvents({ body: [{ event_type: 'PUSH', user_id: 'ü&=' }, { event_type: 'MERGE' }] })
  const found = await client.findEvents({ query: { event_type: ['PUSH', 'MERGE'], user_id: ['ü&='] } })
  expect(found.events.map(({ id }) => id)).toEqual(ids.slice(0, 1))
  expect(await client.getEvent({ path: { id: ids[1] ?? '' } })).toMatchObject({ event_type: 'MERGE' })
})

test('all events of a query come, page after page', async () => {
  await client.addEvents({ body: Array.from({ length: 7 }, () => ({ event_type: 'CLONE' })) })
  const ids = []
  for await (const { id } of allEvents(client, { event_type: ['CLONE'], limit: 3 })) ids.push(id)
  expect(new Set(ids).size).toBe(7)
  const later = []
  for await (const { id } of allEvents(client, { event_type: ['CLONE'], limit: 3, offset: 2 })) later.push(id)
  expect(later.at(-1)).toBe(ids.at(-1))
})

test('what the API refuses is told with its status, its words and its problem', async () => {
  const refused = await client.getEvent({ path: { id: 'not/an id' } }).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(Refusal)
  expect(refused).toMatchObject({ status: 400, problem: { status: 400 }, message: expect.stringMatching(/id/) })
  const stranger = createClient({ baseUrl: `${baseUrl}/?a=1#b`, key: 'wrong' })
  await expect(stranger.findEvents()).rejects.toMatchObject({ status: 401 })
})

test('where nobody answers the refusal has status 0, and a question that is given up is no refusal', async () => {
  // Nobody listens there, and it is no port that fetch refuses to ask, as 1 is.
  const alone = createClient({ baseUrl: 'http://127.0.0.1:2' })
  await expect(alone.findEvents()).rejects.toMatchObject({ name: 'Refusal', status: 0 })
  await expect(client.findEvents({ signal: AbortSignal.abort() })).rejects.toThrow(/aborted/)
})

test.each(['', '/daybook', 'localhost:4318', 'http://', 'ftp://127.0.0.1'])(
  'an address that is none, %j, is refused without a question, once',
  async (baseUrl) => {
    const astray = createClient({ baseUrl, fetch: () => Promise.reject(new Error('asked')) })
    const refusal = { name: 'Refusal', status: 400, message: expect.stringMatching(/^`baseUrl`: expected/) }
    await expect(astray.findEvents()).rejects.toMatchObject(refusal)
    await expect(follow(astray, {}, { signal: AbortSignal.timeout(60_000) }).next()).rejects.toMatchObject(refusal)
  },
)

test('a key that no header can hold is refused without a question, and is not shown', async () => {
  const key = 'schlüssel-€-secret'
  const withKey = createClient({ baseUrl, key, fetch: () => Promise.reject(new Error('asked')) })
  const refused: Refusal = await withKey.findEvents().catch((error) => error)
  expect(refused).toMatchObject({
    name: 'Refusal',
    status: 401,
    message: expect.stringContaining('`key`: character 11'),
  })
  expect(refused.message).not.toMatch(/schl|€|secret/)
  // It would go on asking.
  await expect(follow(withKey).next()).rejects.toMatchObject({ status: 401 })
  // A character of Latin-1 arrives, and white space around a key is left out.
  await expect(createClient({ baseUrl, key: 'ü' }).findEvents()).rejects.toMatchObject({ status: 401 })
  expect(await createClient({ baseUrl, key: ` ${ADMIN_KEY}\n` }).findEvents()).toMatchObject({
    events: expect.any(Array),
  })
})

/** What answers 200 with the beginning of a page. */
async function startOther(end: (res: ServerResponse) => void = () => undefined): Promise<string> {
  const other = createServer((_, res) => {
    res.writeHead(200)
    res.write('<html>', () => end(res))
  }).listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestEnd(() => {
    other.closeAllConnections()
    other.close()
  })
  return `http://127.0.0.1:${(other.address() as AddressInfo).port}`
}

test('what answers without being a Daybook, and an answer that breaks off, are refusals', async () => {
  for (const end of [(res: ServerResponse) => res.end(), (res: ServerResponse) => res.destroy()]) {
    const page = createClient({ baseUrl: await startOther(end) })
    await expect(page.findEvents()).rejects.toMatchObject({ name: 'Refusal', status: 0 })
  }
})

test('a question that is given up while its answer comes is given up', async () => {
  const stop = new AbortController()
  const abortAfterHead = async (...args: Parameters<typeof fetch>): Promise<Response> => {
    const response = await fetch(...args)
    stop.abort()
    return response
  }
  const slow = createClient({ baseUrl: await startOther(), fetch: abortAfterHead })
  await expect(slow.findEvents({ signal: stop.signal })).rejects.toThrow(/aborted/)
})

test('a service that is not ready says so in an answer', async () => {
  house.parts.setDatabaseUp(false)
  expect(await client.getReadiness()).toMatchObject({ status: 'not_ready' })
  house.parts.setDatabaseUp(true)
})

test('what is not JSON comes as it is', async () => {
  expect(await (await client.getMetrics()).text()).toContain('daybook_events_offered_total')
})

test('there is a function for each operation of the table', () => {
  expect(Object.keys(client)).toEqual(Object.keys(OPERATIONS))
})
