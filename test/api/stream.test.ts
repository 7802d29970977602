/** `GET /events/stream`, over real HTTP. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, test } from '@jest/globals'
import { parsePlace } from '../../src/event/place.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { createHouse } from './ask.ts'
import { hear, listen } from './listen.ts'
import { ADMIN_KEY, ALICE_KEY } from './parts.ts'

const types = (events: readonly { event_type: string }[]) => events.map(({ event_type }) => event_type)
/** A client that has asked and reads no more. */
async function openDeaf(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined)
  socket.write(`GET /events/stream HTTP/1.1\r\nHost: x\r\nX-API-Key: ${ADMIN_KEY}\r\n\r\n`)
  await once(socket, 'readable')
  return socket.pause()
}

const isPlace = ({ data, id }: { data: string; id?: string | undefined }) => data === '' && id !== undefined

test('what is stored comes at once, each event once, to those whose filters it matches', async () => {
  const house = createHouse()
  house.log({ event_type: 'BEFORE' })
  const { url } = await listen(house)
  const all = await hear(`${url}/events/stream`)
  const some = await hear(`${url}/events/stream?event_type=push,merge`)
  await all.until(isPlace)
  await some.until(isPlace)
  expect(all.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  house.log({ event_type: 'COMMIT' }, { event_type: 'PUSH' }, { event_type: 'MERGE' })
  expect(types(await all.events(3))).toEqual(['COMMIT', 'PUSH', 'MERGE'])
  expect(types(await some.events(2))).toEqual(['PUSH', 'MERGE'])
})

test('a user hears what is their own, and nothing else', async () => {
  const house = createHouse()
  const { url } = await listen(house)
  const alice = await hear(`${url}/events/stream?user_id=alice,bob`, { 'x-api-key': ALICE_KEY })
  await alice.until(isPlace)
  house.log({ event_type: 'A', user_id: 'bob' }, { event_type: 'B', user_id: 'alice', tenant_id: 'acme' })
  house.log({ event_type: 'C', user_id: 'alice' })
  expect(types(await alice.events(1))).toEqual(['C'])
})

test('a token for a project hears all of it while its user is a member, as it is given what it missed', async () => {
  const house = createHouse()
  const { url } = await listen(house)
  const of = { project_id: 'apollo', user_id: 'alice' }
  const { body } = await house.ask('post', '/viewer-tokens', 'admin').send(of).expect(201)
  const member = '/admin/projects/apollo/members/alice'
  const log = (...types: string[]) =>
    house.log(
      ...types.flatMap((event_type) => [
        { event_type, project_id: 'apollo', user_id: 'bob' },
        { event_type: 'ELSEWHERE', project_id: 'gemini', user_id: 'bob' },
      ]),
    )
  const alice = await hear(`${url}/events/stream`, { 'x-api-key': body.token })
  const { id = '' } = await alice.until(isPlace)
  log('BEFORE')
  house.log({ event_type: 'OWN', project_id: 'apollo', user_id: 'alice' })
  expect(types(await alice.events(1))).toEqual(['OWN'])
  await house.ask('put', member, 'admin').expect(200)
  log('MEANWHILE')
  expect(types(await alice.events(1))).toEqual(['MEANWHILE'])
  const again = await hear(`${url}/events/stream`, { 'x-api-key': body.token, 'last-event-id': id })
  expect(types(await again.events(3))).toEqual(['BEFORE', 'OWN', 'MEANWHILE'])
  await house.ask('delete', member, 'admin').expect(204)
  log('AFTER')
  house.log({ event_type: 'OWN', project_id: 'apollo', user_id: 'alice' })
  expect(types(await alice.events(1))).toEqual(['OWN'])
  expect(types(await again.events(1))).toEqual(['OWN'])
  const since = await hear(`${url}/events/stream`, { 'x-api-key': body.token, 'last-event-id': id })
  expect(types(await since.events(2))).toEqual(['OWN', 'OWN'])
})

test('a user who asks by a column that is hidden is refused, and is not cut off in the middle', async () => {
  const house = createHouse()
  const { body } = await house.get('/events/stream?min_risk=50', 'user').expect(400)
  expect(body).toMatchObject({ code: 'invalid_request', errors: [{ name: 'risk_score' }] })
  await house.ask('head', '/events/stream?min_risk=50', 'user').expect(400)
  await house.ask('head', '/events/stream?min_risk=50', 'auditor').expect(200)
})

test('who comes back with the last id goes on from there, also from further back than what is kept', async () => {
  for (const keptRows of [1_000, 2]) {
    const house = createHouse({ live: { keptRows, pageRows: 3 } })
    const { url } = await listen(house)
    const first = await hear(`${url}/events/stream`)
    await first.until(isPlace)
    house.log({ event_type: 'A' })
    const { id = '' } = await first.until(({ data }) => data.includes('"A"'))
    first.close()
    for (let i = 0; i < 20; i++) house.log({ event_type: `MISSED_${i}` })
    const again = await hear(`${url}/events/stream`, { 'last-event-id': id })
    const missed = Array.from({ length: 20 }, (_, i) => `MISSED_${i}`)
    expect(types(await again.events(20))).toEqual(missed)
    house.log({ event_type: 'LIVE' })
    expect(types(await again.events(1))).toEqual(['LIVE'])
    const byQuery = await hear(`${url}/events/stream?last_event_id=${id}&event_type=missed_19,live`)
    expect(types(await byQuery.events(2))).toEqual(['MISSED_19', 'LIVE'])
  }
})

test('who comes back and has missed more than may be unsent is given all of it, and stays', async () => {
  const house = createHouse({ live: { budgetBytes: 4_096 } })
  const { url } = await listen(house)
  const first = await hear(`${url}/events/stream`)
  const other = await hear(`${url}/events/stream`)
  await first.until(isPlace)
  await other.until(isPlace)
  house.log({ event_type: 'A' })
  const { id = '' } = await first.until(({ data }) => data.includes('"A"'))
  first.close()
  for (let i = 0; i < 20; i++) house.log({ event_type: `MISSED_${i}`, action_description: 'x'.repeat(1_000) })
  await other.until(({ data }) => data.includes('MISSED_19'))
  const again = await hear(`${url}/events/stream`, { 'last-event-id': id })
  expect(types(await again.events(20)).at(-1)).toBe('MISSED_19')
  house.log({ event_type: 'LIVE' })
  expect(types(await again.events(1))).toEqual(['LIVE'])
})

test('a sign of life carries the place along, past events that were not wanted', async () => {
  const house = createHouse({ live: { aliveMs: 30 } })
  const { url } = await listen(house)
  const ears = await hear(`${url}/events/stream?event_type=push`)
  house.log({ event_type: 'A' }, { event_type: 'B' })
  const toTx = (id: string | undefined) => parsePlace(id ?? '').tx_id
  const { id = '' } = await ears.until((block) => isPlace(block) && toTx(block.id) === '1001')
  ears.close()
  const again = await hear(`${url}/events/stream`, { 'last-event-id': id })
  house.log({ event_type: 'C' })
  const [first] = types(await again.events(1))
  expect(first).toBe('C')
})

test('an id that is none is refused, and one of another database is told as a gap', async () => {
  const house = createHouse()
  house.log({ event_type: 'A' })
  const { url } = await listen(house)
  const bad = await hear(`${url}/events/stream`, { 'last-event-id': 'nonsense' })
  expect(bad.response.status).toBe(400)
  const future = Buffer.from('99999 2026-11-21T10:00:00.000000Z 019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a10').toString(
    'base64url',
  )
  const ears = await hear(`${url}/events/stream`, { 'last-event-id': future })
  const { data } = await ears.until(({ event }) => event === 'gap')
  expect(JSON.parse(data)).toMatchObject({
    reason: expect.stringMatching(/another/),
    from: '2026-11-21T10:00:00.000000Z',
  })
  house.log({ event_type: 'B' })
  expect(types(await ears.events(1))).toEqual(['B'])
})

test('a key may have so many streams open, and all together so many', async () => {
  const house = createHouse({ live: { maxPerKey: 2, maxGuests: 3 } })
  const { url } = await listen(house)
  const open = (key: string) => hear(`${url}/events/stream`, { 'x-api-key': key })
  const first = await open(ADMIN_KEY)
  expect((await open(ADMIN_KEY)).response.status).toBe(200)
  expect((await open(ADMIN_KEY)).response.status).toBe(429)
  expect((await open(ALICE_KEY)).response.status).toBe(200)
  const full = await open(ALICE_KEY)
  expect([full.response.status, full.response.headers.get('retry-after')]).toEqual([503, '5'])
  first.close()
  await waitUntil(async () => (await open(ADMIN_KEY)).response.status === 200, { what: 'room for another' })
})

test('a stream ends when its key no longer holds, and stays while the database is away', async () => {
  const house = createHouse({ live: { recheckMs: 20 } })
  const { url } = await listen(house)
  const made = await house.post('/admin/keys', { role: 'user', user_id: 'bob' })
  const ears = await hear(`${url}/events/stream`, { 'x-api-key': made.body.key })
  const other = await hear(`${url}/events/stream`)
  await ears.until(isPlace)
  await other.until(isPlace)
  house.parts.setDatabaseUp(false)
  house.parts.setDatabaseUp(true)
  house.parts.revoke(made.body.key)
  await ears.ended()
  house.log({ event_type: 'A' })
  expect(types(await other.events(1))).toEqual(['A'])
})

test('a database that is away is a 503, and one that goes away meanwhile costs nothing', async () => {
  const house = createHouse()
  const { url } = await listen(house)
  house.parts.setDatabaseUp(false)
  expect((await hear(`${url}/events/stream`)).response.status).toBe(503)
  house.parts.setDatabaseUp(true)
  const ears = await hear(`${url}/events/stream`)
  await ears.until(isPlace)
  house.parts.setDatabaseUp(false)
  house.log({ event_type: 'A' })
  house.parts.setDatabaseUp(true)
  expect(types(await ears.events(1))).toEqual(['A'])
})

test('who never reads is cut off, and those who read hear all meanwhile', async () => {
  const house = createHouse({ live: { budgetBytes: 65_536 } })
  const { url } = await listen(house)
  const deaf = await openDeaf(url)
  const closed = once(deaf, 'close')
  const ears = await hear(`${url}/events/stream`)
  await ears.until(isPlace)
  const big = 'x'.repeat(200_000)
  for (let i = 0; i < 80; i++) {
    house.log({ event_type: `T${i}`, action_description: big })
    expect(types(await ears.events(1))).toEqual([`T${i}`])
  }
  deaf.resume()
  await closed
})

test('all streams end when the API hangs up, and nobody is let in after it', async () => {
  const house = createHouse()
  const { url } = await listen(house)
  const ears = await hear(`${url}/events/stream`)
  await ears.until(isPlace)
  const deaf = await openDeaf(url)
  const closed = once(deaf, 'close')
  for (let i = 0; i < 30; i++) house.log({ event_type: 'A', action_description: 'x'.repeat(200_000) })
  await ears.events(30)
  house.router.hangUp()
  house.log({ event_type: 'B' })
  await ears.ended()
  // It has to be read to be seen to end.
  deaf.resume()
  await closed
  expect((await hear(`${url}/events/stream`)).response.status).toBe(503)
})
