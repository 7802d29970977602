/** `GET /sessions/{id}/replay` and the daily files, over real HTTP. */
import { get } from 'node:http'
import { expect, test } from '@jest/globals'
import { waitUntil } from '../kit/wait-until.ts'
import { createHouse } from './ask.ts'
import { hear, listen } from './listen.ts'
import { ADMIN_KEY, ALICE_KEY } from './parts.ts'

const START = Date.parse('2026-11-21T10:00:00Z')

function createSession(options: Parameters<typeof createHouse>[0] = {}) {
  const house = createHouse(options)
  const step = (event_type: string, seconds: number) => ({
    event_type,
    session_id: 's 1/2',
    user_id: 'alice',
    created_at: START + seconds * 1000,
  })
  house.log(step('A', 0), step('B', 10), step('C', 30), { event_type: 'OTHER', session_id: 's2' })
  return house
}
const PATH = `/sessions/${encodeURIComponent('s 1/2')}/replay`

test('a session comes in order, with its pauses divided by the speed, and ends', async () => {
  const { url } = await listen(createSession())
  const begun = performance.now()
  const ears = await hear(`${url}${PATH}?speed=100`)
  expect(await ears.events(3)).toMatchObject([{ event_type: 'A' }, { event_type: 'B' }, { event_type: 'C' }])
  expect(performance.now() - begun).toBeGreaterThanOrEqual(299)
  const { id = '' } = await ears.until(({ event }) => event === 'end')
  await ears.ended()
  expect((await hear(`${url}${PATH}`, { 'last-event-id': id })).response.status).toBe(204)
})

test('closed, it waits; who comes back goes on at once with the next event', async () => {
  const { url } = await listen(createSession())
  const ears = await hear(`${url}${PATH}?speed=0.1`)
  const { id = '' } = await ears.until(({ data }) => data !== '')
  ears.close()
  const again = await hear(`${url}${PATH}?speed=1000`, { 'last-event-id': id })
  expect(await again.events(2)).toMatchObject([{ event_type: 'B' }, { event_type: 'C' }])
})

test('who leaves before the first events are read takes no place', async () => {
  const house = createSession({ live: { maxPerKey: 1 } })
  const { url, server } = await listen(house)
  const { oldestFirst } = house.parts.pages
  const [asked, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  Object.assign(house.parts.pages, {
    async oldestFirst(...given: Parameters<typeof oldestFirst>) {
      asked.resolve()
      await gone.promise
      return oldestFirst(...given)
    },
  })
  server.once('connection', (socket) => socket.once('close', () => gone.resolve()))
  const leaving = get(`${url}${PATH}`, { headers: { 'x-api-key': ADMIN_KEY } }).on('error', () => undefined)
  await asked.promise
  leaving.destroy()
  await gone.promise
  expect((await hear(`${url}${PATH}`)).response.status).toBe(200)
})

test('a session of others is not there', async () => {
  const { url } = await listen(createSession())
  expect((await hear(`${url}/sessions/s2/replay`, { 'x-api-key': ALICE_KEY })).response.status).toBe(404)
  expect((await hear(`${url}${PATH}?speed=0`)).response.status).toBe(400)
})

test('daily files are listed and read in parts, on record, and not for the admin of a tenant', async () => {
  const house = createHouse()
  const { url } = await listen(house)
  const get = (path: string, range?: string) => hear(`${url}${path}`, range === undefined ? {} : { range })
  expect(await (await get('/files')).response.json()).toMatchObject({ files: [{ date: '2026-11-21' }] })
  const whole = (await get('/files/2026-11-21')).response
  expect([whole.status, await whole.text(), whole.headers.get('etag')]).toEqual([200, '{"a":1}\n', '"tag"'])
  for (const [range, text, content] of [
    ['bytes=2-3', 'a"', 'bytes 2-3/8'],
    ['bytes=5-', '1}\n', 'bytes 5-7/8'],
    ['bytes=-2', '}\n', 'bytes 6-7/8'],
  ] as const) {
    const { response } = await get('/files/2026-11-21', range)
    expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([
      206,
      text,
      content,
    ])
  }
  expect((await get('/files/2026-11-21', 'bytes=8-')).response.status).toBe(416)
  const other = (await hear(`${url}/files/2026-11-21`, { range: 'bytes=2-3', 'if-range': '"old"' })).response
  expect(other.status).toBe(200)
  expect((await get('/files/2026-11-20')).response.status).toBe(404)
  expect((await get('/files/..%2Fdrain.lock')).response.status).toBe(400)
  await waitUntil(() => house.parts.drafts.length >= 5, { what: 'the events of the reads' })
  expect(house.parts.drafts[0]).toMatchObject({
    event_type: 'DATA_EXPORTED',
    entity_id: '2026-11-21',
    status: 'success',
  })

  const acme = createHouse({ authenticate: () => ({ role: 'admin', tenant_id: 'acme' }) })
  await acme.get('/files').expect(403)
  await acme.get('/files/2026-11-21').expect(403)
})
