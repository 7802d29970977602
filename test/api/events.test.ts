import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { createHouse } from './ask.ts'

const createFilled = () => {
  const house = createHouse()
  house.log(
    { event_type: 'COMMIT', user_id: 'alice', status: 'success' },
    { event_type: 'PUSH', user_id: 'bob', status: 'failure' },
    { event_type: 'DEPLOYED', user_id: 'bob', status: 'success' },
    { event_type: 'COMMIT', user_id: 'alice', tenant_id: 'acme' },
  )
  return house
}

describe('reading events', () => {
  test('a user sees own events only, also when asking for those of others', async () => {
    const { get } = createFilled()
    expect((await get('/events')).body.total).toBe(3)
    expect((await get('/events', 'user')).body.events).toEqual([expect.objectContaining({ user_id: 'alice' })])
    expect((await get('/events?user_id=bob', 'user')).body.events).toEqual([])
  })

  test("a user gets another's event as if it were not there", async () => {
    const { get, parts } = createFilled()
    const [mine, theirs] = parts.rows
    expect((await get(`/events/${mine?.id}`, 'user').expect(200)).body.id).toBe(mine?.id)
    const other = await get(`/events/${theirs?.id}`, 'user').expect(404)
    const none = await get('/events/019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a10', 'user').expect(404)
    expect(other.body.detail).toBe(none.body.detail)
    expect(other.body).toMatchObject({ title: 'Not Found', code: 'not_found', instance: `/events/${theirs?.id}` })
  })

  test("a user's statistics count own events only", async () => {
    const { get } = createFilled()
    const all = await get('/events/stats').expect(200)
    expect(all.body).toMatchObject({ total: 3, unique_users: 2, by_status: { success: 2, failure: 1 } })
    const own = await get('/events/stats', 'user').expect(200)
    expect(own.body).toMatchObject({ total: 1, unique_users: 1, by_type: { COMMIT: 1 } })
    const some = await get('/events/stats?event_type=push&date=2024-02-29').expect(200)
    expect(some.body).toMatchObject({
      total: 0,
      date: '2024-02-29',
      filters_applied: { event_type: ['PUSH'], date: '2024-02-29' },
    })
  })

  test('types are the built-in ones with their words, and those that apps brought', async () => {
    const { get } = createFilled()
    const { body } = await get('/events/types').expect(200)
    const find = (name: string) => body.types.find((type: { event_type: string }) => type.event_type === name)
    expect(find('COMMIT')).toMatchObject({ category: 'configuration', count: 1, built_in: true })
    expect(find('AGENT_SWITCHED')).toMatchObject({ category: 'agent', count: 0 })
    expect(find('DEPLOYED')).toMatchObject({ count: 1, built_in: false })
    expect(find('DEPLOY_STARTED')).toEqual({
      ...{ event_type: 'DEPLOY_STARTED', category: 'workflow', description: 'A deployment started' },
      ...{ count: 0, seen: false, built_in: false },
    })
    const own = await get('/events/types', 'user').expect(200)
    expect(JSON.stringify(own.body)).not.toContain('DEPLOYED')
  })
})

describe('sending events', () => {
  test('one event or many are taken, and their ids given in order', async () => {
    const { post, parts } = createHouse()
    const one = await post('/events', { event_type: 'COMMIT', payload: { deep: [1, null] } }).expect(202)
    expect(one.body).toMatchObject({ accepted: 1, ids: [parts.rows[0]?.id] })
    const many = await post('/events', [{ event_type: 'a' }, { event_type: 'b' }]).expect(202)
    expect(many.body).toMatchObject({ accepted: 2, ids: [parts.rows[1]?.id, parts.rows[2]?.id] })
  })

  test("a user's events are the user's, in the user's tenant, whatever they claim", async () => {
    const { post, parts } = createHouse()
    const claim = { event_type: 'COMMIT', user_id: 'bob', tenant_id: 'acme' }
    await post('/events', claim, 'user').expect(202)
    await post('/events', [claim, { event_type: 'PUSH' }], 'user').expect(202)
    for (const draft of parts.drafts) expect(draft).toMatchObject({ user_id: 'alice', tenant_id: 'default' })
    expect(parts.drafts).toHaveLength(3)
  })

  test("an admin may log for any user, in the admin's tenant only", async () => {
    const { post, parts } = createHouse()
    await post('/events', { event_type: 'COMMIT', user_id: 'bob', tenant_id: 'acme' }).expect(202)
    expect(parts.drafts[0]).toMatchObject({ user_id: 'bob', tenant_id: 'default' })
  })

  test('timestamp and created_at are the same, and reach the sink with the idempotency key', async () => {
    const { post, parts } = createHouse()
    const time = '2026-11-21T10:05:00.123456Z'
    await post('/events', [
      { event_type: 'A', timestamp: time, idempotency_key: 'k' },
      { event_type: 'A', created_at: time, user_id: null, payload: null },
    ]).expect(202)
    expect(parts.drafts.map((draft) => draft.created_at)).toEqual([time, time])
    expect(parts.drafts[0]).toMatchObject({ idempotency_key: 'k' })
  })

  test.each([
    ['no type', {}, 'body/event_type'],
    ['a column that does not exist', { event_type: 'A', colour: 'red' }, 'body/colour'],
    ['an id', { event_type: 'A', id: '019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a10' }, 'body/id'],
    ['a transaction', { event_type: 'A', tx_id: '1' }, 'body/tx_id'],
    ['a status that does not exist', { event_type: 'A', status: 'done' }, 'body/status'],
    ['a number in words', { event_type: 'A', status_code: '200' }, 'body/status_code'],
    ['a number no column holds', { event_type: 'A', input_tokens: 2 ** 31 }, 'body/input_tokens'],
    ['a bad time', { event_type: 'A', timestamp: 'yesterday' }, 'body/timestamp'],
    ['a time without T', { event_type: 'A', timestamp: '2026-11-21 10:00:00Z' }, 'body/timestamp'],
    ['a list of one bad event', [{ event_type: 'A', risk_score: 101 }], 'body/0/risk_score'],
    ['a list of one event with a column that does not exist', [{ event_type: 'A', colour: 'red' }], 'body/0/colour'],
    ['a list of what is no event', ['A'], 'body/0'],
    ['an empty list', [], 'body'],
    ['more than 1000', Array.from({ length: 1001 }, () => ({ event_type: 'A' })), 'body'],
  ])('%s is a 400 that says where, and nothing is kept', async (_, body, name) => {
    const { post, parts } = createHouse()
    const answer = await post('/events', body).expect(400)
    expect(answer.body.errors.map((error: { name: string }) => error.name)).toEqual([name])
    expect(parts.drafts).toEqual([])
  })

  test('a __proto__ in the body is a column that does not exist', async () => {
    const { ask } = createHouse()
    const raw = '{"event_type":"A","__proto__":{"user_id":"bob"}}'
    await ask('post', '/events').set('content-type', 'application/json').send(raw).expect(400)
  })

  test.each([
    ['{"event_type": "hunter2', 'application/json', 400],
    ['', 'application/json', 400],
    ['null', 'application/json', 400],
    ['"text"', 'application/json', 400],
    ['event_type=A', 'application/x-www-form-urlencoded', 415],
    ['A', 'text/plain', 415],
    ['{}', 'application/json; charset=klingon', 415],
  ])('%j as %s is a %i', async (raw, type, status) => {
    const { ask, parts } = createHouse()
    const answer = await ask('post', '/events').set('content-type', type).send(raw).expect(status)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.text).not.toContain('hunter2')
    expect(parts.errorDrafts).toEqual([])
  })

  test('5 MB are the limit, packed or not', async () => {
    const { ask, post } = createHouse()
    const big = JSON.stringify({ event_type: 'A', payload: 'x'.repeat(5 * 1024 * 1024) })
    const gzip = (text: string) =>
      ask('post', '/events')
        .set({ 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .serialize((v) => v)
        .send(gzipSync(text) as never)
    expect((await ask('post', '/events').set('content-type', 'application/json').send(big)).status).toBe(413)
    expect((await gzip(big)).status).toBe(413)
    expect((await gzip('{"event_type":"A"}')).status).toBe(202)
    const packed = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    await ask('post', '/events').set(packed).send('not packed').expect(400)
    for (const text of ['not packed', 'x'])
      await ask('post', '/events')
        .set({ ...packed, 'content-encoding': 'br' })
        .send(text)
        .expect(400)
    await post('/events', { event_type: 'A', payload: 'x'.repeat(4 * 1024 * 1024) }).expect(202)
  })

  test('a full log answers 503 and says how much it kept', async () => {
    const { post, parts } = createHouse()
    parts.setRoom(2)
    const events = [{ event_type: 'A' }, { event_type: 'B' }, { event_type: 'C' }]
    const some = await post('/events', events).expect(503)
    expect(some.body).toMatchObject({ title: 'Service Unavailable', code: 'spool_full' })
    expect(some.body.detail).toContain('first 2 of 3')
    expect(some.headers['retry-after']).toBe('5')
    await post('/events', events[0]).expect(503)
  })
})
