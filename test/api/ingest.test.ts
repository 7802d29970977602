import { describe, expect, test } from '@jest/globals'
import type { Call } from '../../src/api/call.ts'
import { createRecall } from '../../src/api/idempotency.ts'
import { createIngestHandlers } from '../../src/api/ingest.ts'
import { readSpec } from '../../src/api/spec.ts'
import type { Sink } from '../../src/event/ports/sink.ts'
import { createTestRefinery } from '../kit/events.ts'
import { createHouse } from './ask.ts'
import { createMemoryParts } from './parts.ts'

const TIME = '2026-11-21T10:05:00.123456Z'
const two = [{ event_type: 'A' }, { event_type: 'B', timestamp: TIME }]

describe('many events', () => {
  test('a bad one does not hold up the others, and each answer says where it belongs', async () => {
    const { post, parts } = createHouse()
    const { body } = await post('/events', [
      { event_type: 'A' },
      { event_type: 'A', risk_score: 101 },
      { colour: 'red' },
      null,
      { event_type: 'A', idempotency_key: 'k' },
      { event_type: 'A', timestamp: 'yesterday' },
      { event_type: 'B' },
    ]).expect(202)
    const [first, second] = parts.rows.map(({ id }) => id)
    expect(body).toMatchObject({ accepted: 2, ids: [first, second] })
    expect(body.items).toEqual([
      { status: 202, id: first },
      { status: 400, errors: [{ name: 'body/1/risk_score', detail: 'must be <= 100' }] },
      { status: 400, errors: [{ name: 'body/2/event_type', detail: expect.stringContaining('required') }] },
      { status: 400, errors: [{ name: 'body/3', detail: 'must be object' }] },
      { status: 400, errors: [{ name: 'body/4/idempotency_key', detail: expect.stringContaining('timestamp') }] },
      { status: 400, errors: [{ name: 'body/5/timestamp', detail: expect.any(String) }] },
      { status: 202, id: second },
    ])
  })

  test('what is wrong with a thousand of them is told of twenty', async () => {
    const { post } = createHouse()
    const { body } = await post('/events', Array(1000).fill({})).expect(400)
    expect(body.errors).toHaveLength(20)
  })

  test('a __proto__ in one of them is a column that does not exist', async () => {
    const { ask, parts } = createHouse()
    const raw = '[{"event_type":"A","__proto__":{"user_id":"bob"}}]'
    await ask('post', '/events').set('content-type', 'application/json').send(raw).expect(400)
    expect(parts.drafts).toEqual([])
  })
})

test('names that are written with an escape are kept as they are', async () => {
  const { ask, parts } = createHouse()
  for (const payload of ['{"a":1,"\\\\":2}', '{"a":1,"\\n":2}'])
    await ask('post', '/events')
      .set('content-type', 'application/json')
      .send(`{"event_type":"A","payload":${payload}}`)
      .expect(202)
  expect(parts.drafts.map(({ payload }) => Object.keys(payload as object))).toEqual([
    ['a', '\\'],
    ['a', '\n'],
  ])
})

describe('an Idempotency-Key', () => {
  const send = (house: ReturnType<typeof createHouse>, body: unknown, key = 'key-1', who: 'admin' | 'user' = 'admin') =>
    house.post('/events', body, who).set('idempotency-key', key)

  test('makes a repeat be kept once, with the same answer', async () => {
    const house = createHouse()
    const first = await send(house, [...two, { event_type: 'C', risk_score: 101 }]).expect(202)
    const again = await send(house, [...two, { event_type: 'C', risk_score: 101 }]).expect(202)
    expect(again.body).toEqual(first.body)
    expect(house.parts.rows).toHaveLength(2)
    await send(house, two, 'key-2').expect(202)
    expect(house.parts.rows).toHaveLength(4)
  })

  test('is refused for another body', async () => {
    const house = createHouse()
    await send(house, two).expect(202)
    const { body } = await send(house, [{ event_type: 'A' }]).expect(422)
    expect(body).toMatchObject({ code: 'key_reused', title: 'Unprocessable Entity' })
    expect(house.parts.rows).toHaveLength(2)
  })

  test('is each user its own', async () => {
    const house = createHouse()
    await send(house, two).expect(202)
    await send(house, [{ event_type: 'A' }], 'key-1', 'user').expect(202)
    expect(house.parts.rows).toHaveLength(3)
  })

  test('lets a body be sent again of which a part found no room', async () => {
    const house = createHouse()
    house.parts.setRoom(1)
    await send(house, two).expect(503)
    house.parts.setRoom(10)
    const { body } = await send(house, two).expect(202)
    expect(body.ids).toEqual(house.parts.rows.map(({ id }) => id))
    expect(house.parts.rows.map(({ event_type }) => event_type)).toEqual(['A', 'B'])
  })

  test('makes ids of key, place and time, which outlive the process', async () => {
    const houses = [createHouse(), createHouse()]
    for (const house of houses) await send(house, two).expect(202)
    const [one, other] = houses.map(({ parts }) => parts.drafts.map((draft) => draft.idempotency_key))
    expect(other).toEqual(one)
    expect(new Set(one).size).toBe(2)
    const own = createHouse()
    await send(own, { event_type: 'A', timestamp: TIME, idempotency_key: 'mine' }).expect(202)
    expect(own.parts.drafts[0]?.idempotency_key).toBe('mine')
  })

  test('has at most 255 characters', async () => {
    await send(createHouse(), two, 'k'.repeat(256)).expect(400)
  })
})

test('an idempotency_key of an event is each user its own, and kept once of one user', () => {
  const refinery = createTestRefinery()
  const ids: string[] = []
  const event: Sink['event'] = (draft) => {
    const sealed = refinery.seal(draft)
    ids.push(sealed.id)
    return sealed
  }
  const { addEvents } = createIngestHandlers({ ...createMemoryParts().sink, event }, readSpec())
  const body = { event_type: 'A', timestamp: TIME, idempotency_key: 'k' }
  for (const user_id of ['alice', 'bob', 'alice'])
    void addEvents?.({ viewer: { role: 'user', tenant_id: 'default', user_id }, body } as unknown as Call)
  expect(new Set(ids).size).toBe(2)
  expect(ids[2]).toBe(ids[0])
})

test('what is remembered of keys is bounded in number, in events and in time, the oldest first', () => {
  let now = 0
  const recall = createRecall({ maxKeys: 3, maxIds: 10, lifeMs: 1_000, nowMs: () => now })
  const recalls = (key: string, body: unknown): boolean => {
    const kept = recall(key, body)
    const isKnown = kept.size > 0
    kept.set(0, 'id')
    return isKnown
  }
  for (const key of ['a', 'b', 'c']) expect(recalls(key, {})).toBe(false)
  for (const key of ['a', 'b', 'c']) expect(recalls(key, {})).toBe(true)
  expect(recalls('d', {})).toBe(false)
  expect([recalls('b', {}), recalls('c', {}), recalls('d', {})]).toEqual([true, true, true])
  // Nine more: the oldest go until there are ten.
  expect(recalls('nine', Array(9).fill({}))).toBe(false)
  expect([recalls('d', {}), recalls('nine', Array(9).fill({}))]).toEqual([true, true])
  now = 1_000
  expect(recalls('d', {})).toBe(false)
})
