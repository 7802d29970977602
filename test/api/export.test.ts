/** `GET /events/export`, over real HTTP. */
import { request as ask } from 'node:http'
import { connect } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { expect, test } from '@jest/globals'
import { waitUntil } from '../kit/wait-until.ts'
import { createHouse, type House } from './ask.ts'
import { listen } from './listen.ts'
import { ADMIN_KEY, ALICE_KEY } from './parts.ts'

const lines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
const exported = (house: House) => house.parts.drafts.filter(({ event_type }) => event_type === 'DATA_EXPORTED')

/** Headers, body and trailers. */
async function fetchAll(url: string, headers = {}): Promise<{ text: string; trailers: NodeJS.Dict<string> }> {
  return await new Promise((resolve, reject) => {
    ask(url, { headers: { 'x-api-key': ADMIN_KEY, ...headers } }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece) => (text += piece))
      response.on('end', () => resolve({ text, trailers: response.trailers })).on('error', reject)
    })
      .on('error', reject)
      .end()
  })
}

test('every event that matches is exported, newest first, and the last line says that it is all', async () => {
  const house = createHouse({ live: { exportRows: 3 } })
  const { url } = await listen(house)
  for (let i = 0; i < 10; i++) house.log({ event_type: i === 4 ? 'OTHER' : 'PUSH', user_id: `u${i}` })
  const { text, trailers } = await fetchAll(`${url}/events/export?event_type=push`)
  const all = lines(text)
  expect(all.pop()).toEqual({ export: { complete: true, rows: 9, next_cursor: null } })
  expect(all.map(({ user_id }) => user_id)).toEqual(['u9', 'u8', 'u7', 'u6', 'u5', 'u3', 'u2', 'u1', 'u0'])
  expect(trailers['x-daybook-complete']).toBe('true')
  await waitUntil(() => exported(house).length === 1, { what: 'the event of the export' })
  expect(exported(house)[0]).toMatchObject({
    ...{ status: 'success', actor_type: 'user', actor_id: 'admin-key' },
    payload: { rows: 9, complete: true, filters: { event_type: ['PUSH'] } },
  })
})

test('a day is that of its zone, as in a page', async () => {
  const house = createHouse()
  const { url } = await listen(house)
  for (const time of ['21:30', '22:30'])
    house.log({ event_type: 'PUSH', user_id: time, created_at: `${yesterday}T${time}:00Z` })
  const asked = `date=${yesterday}&tz=Etc/GMT-2`
  const all = lines((await fetchAll(`${url}/events/export?${asked}`)).text)
  expect(all).toMatchObject([{ user_id: '21:30' }, { export: { rows: 1 } }])
  const answer = await fetch(`${url}/events/stream?${asked}`, { method: 'HEAD', headers: { 'x-api-key': ADMIN_KEY } })
  expect(answer.status).toBe(200)
})

test('who speaks HTTP/1.0, which has no trailers, gets it too, and its last line says that it is all', async () => {
  const house = createHouse()
  const { url } = await listen(house)
  house.log({ event_type: 'PUSH', user_id: 'alice' })
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(`GET /events/export HTTP/1.0\r\nHost: ${hostname}\r\nX-API-Key: ${ADMIN_KEY}\r\n\r\n`)
  const [head = '', body = ''] = (await textOf(socket)).split('\r\n\r\n')
  expect(head).toMatch(/^HTTP\/1\.1 200 /)
  expect(head).not.toMatch(/^trailer:/im)
  expect(lines(body)).toMatchObject([{ user_id: 'alice' }, { export: { complete: true, rows: 1 } }])
})

test('an export that broke off says where to go on, and goes on there', async () => {
  const house = createHouse({ live: { exportRows: 2 } })
  const { url } = await listen(house)
  for (let i = 0; i < 5; i++) house.log({ event_type: 'PUSH', user_id: `u${i}` })
  const { newestFirst } = house.parts.pages
  let reads = 0
  Object.assign(house.parts.pages, {
    newestFirst: (...given: Parameters<typeof newestFirst>) =>
      ++reads === 2 ? Promise.reject(new Error('away')) : newestFirst(...given),
  })
  const broken = await fetchAll(`${url}/events/export`)
  const first = lines(broken.text)
  const { export: end } = first.pop()
  expect(end).toMatchObject({ complete: false, rows: 2, next_cursor: expect.any(String) })
  expect(broken.trailers['x-daybook-complete']).toBe('false')
  const byCursor = lines((await fetchAll(`${url}/events/export?event_type=push&cursor=${end.next_cursor}`)).text)
  const byId = lines((await fetchAll(`${url}/events/export?event_type=push&after=${first[1].id}`)).text)
  expect(byCursor).toEqual(byId)
  expect([...first, ...byId.slice(0, -1)].map(({ user_id }) => user_id)).toEqual(['u4', 'u3', 'u2', 'u1', 'u0'])
  await waitUntil(() => exported(house).length === 3, { what: 'the events of the exports' })
  expect(exported(house)[0]).toMatchObject({ status: 'failure', payload: { rows: 2, client_left: false } })
})

test('CSV is as RFC 4180 writes it, and no cell of text is a formula', async () => {
  const house = createHouse()
  const { url } = await listen(house)
  const texts = ['=1+1', '+1', '-1', '@x', '\tx', '\rx', 'a "b", c', 'line\nbreak', 'é', '']
  for (const action_description of texts) house.log({ event_type: 'PUSH', action_description, duration_ms: -1.5 })
  const { text } = await fetchAll(`${url}/events/export?format=csv&event_type=push`)
  expect(text.split('\r\n')[0]).toMatch(/^id,created_at,tx_id,/)
  for (const cell of ["'=1+1", "'+1", "'-1", "'@x", "'\tx", `"'\rx"`, '"a ""b"", c"', '"line\nbreak"', 'é'])
    expect(text).toContain(`,${cell},`)
  expect(text).toContain(',-1.5,')
})

test('it is packed for who takes gzip, and refused like any other read', async () => {
  const house = createHouse()
  const { url } = await listen(house)
  house.log({ event_type: 'PUSH', user_id: 'alice' }, { event_type: 'PUSH', user_id: 'bob' })
  const own = await fetch(`${url}/events/export`, { headers: { 'x-api-key': ALICE_KEY, 'accept-encoding': 'gzip' } })
  expect(own.headers.get('content-encoding')).toBe('gzip')
  expect(lines(await own.text())).toMatchObject([{ user_id: 'alice' }, { export: { rows: 1 } }])
  const status = async (query: string, key = ADMIN_KEY) =>
    (await fetch(`${url}/events/export${query}`, { headers: { 'x-api-key': key } })).status
  expect(await status('', 'wrong')).toBe(401)
  expect(await status('?format=xls')).toBe(400)
  expect(await status('?after=019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a10')).toBe(404)
  house.parts.setDatabaseUp(false)
  expect(await status('')).toBe(503)
})

test('who may not ask by risk is told so, by HEAD too, and nothing is exported', async () => {
  const house = createHouse()
  const { url } = await listen(house)
  house.log({ event_type: 'PUSH', user_id: 'alice', risk_score: 80 })
  const statuses = (key: string, query: string): Promise<number[]> =>
    Promise.all(
      ['GET', 'HEAD'].map(async (method) => {
        const headers = { 'x-api-key': key }
        return (await fetch(`${url}/events/export?${query}`, { method, headers })).status
      }),
    )
  expect(await statuses(ALICE_KEY, 'min_risk=50')).toEqual([400, 400])
  expect(await statuses(ALICE_KEY, 'min_risk=50&format=csv')).toEqual([400, 400])
  expect(exported(house)).toEqual([])
  expect(await statuses(ADMIN_KEY, 'min_risk=50')).toEqual([200, 200])
  expect(await statuses(ADMIN_KEY, 'after=00000000-0000-7000-8000-000000000000')).toEqual([404, 404])
})

test('a client that leaves ends the reading, and is on record', async () => {
  const house = createHouse({ live: { exportRows: 1 } })
  const { url } = await listen(house)
  for (let i = 0; i < 200; i++) house.log({ event_type: 'PUSH', action_description: 'x'.repeat(100_000) })
  await new Promise<void>((resolve) => {
    const asked = ask(`${url}/events/export`, { headers: { 'x-api-key': ADMIN_KEY } }, (response) => {
      response.once('data', () => {
        asked.destroy()
        resolve()
      })
    })
    asked.on('error', () => undefined).end()
  })
  const [event] = await waitUntil(() => exported(house).length === 1 && exported(house), { what: 'the event of it' })
  const { rows } = { rows: 200, ...(event?.payload as object) }
  expect(event).toMatchObject({ status: 'failure', payload: { complete: false, client_left: true } })
  expect(rows).toBeLessThan(200)
})
