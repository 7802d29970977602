import { expect, jest, test } from '@jest/globals'
import { createNoteRead } from '../../src/api/reads.ts'
import type { Viewer } from '../../src/event/viewer.ts'
import { createHouse } from './ask.ts'
import { createMemoryParts } from './parts.ts'

test('what an admin and an auditor read is an event, what a user reads is not', async () => {
  const { get, log, parts } = createHouse({ readsOnRecord: true })
  log({ event_type: 'COMMIT' }, { event_type: 'COMMIT' }, { event_type: 'PUSH' })
  await get('/events?event_type=commit&user_id=alice,bob', 'auditor').set('user-agent', 'curl').expect(200)
  await get('/events', 'user').expect(200)
  await get('/events/stats', 'admin').expect(200)
  await get(`/events/${parts.rows[0]?.id}`, 'admin').expect(200)
  expect(parts.reads).toMatchObject([
    {
      event_type: 'LOG_READ',
      ...{ tenant_id: 'default', actor_type: 'user', actor_id: 'of-the-auditor', method: 'GET', path: '/events' },
      ...{ user_agent: 'curl', source_ip: expect.stringContaining('127.0.0.1') },
      payload: { operation: 'findEvents', filters: { event_type: ['commit'], user_id: ['alice', 'bob'] }, reads: 1 },
    },
    { actor_id: 'admin-key', payload: { operation: 'getEventStats', filters: {}, reads: 1 } },
    { payload: { operation: 'getEvent', filters: { id: parts.rows[0]?.id }, rows: 1 } },
  ])
  expect(parts.reads).toHaveLength(3)
})

test('one event that was read is one row, whatever lists are in it', async () => {
  const { get, log, parts } = createHouse({ readsOnRecord: true })
  log({ event_type: 'PUSH', files_changed: ['a', 'b', 'c'] }, { event_type: 'PUSH', risk_factors: [] })
  for (const { id } of parts.rows) await get(`/events/${id}`).expect(200)
  expect(parts.reads.map(({ payload }) => payload)).toMatchObject([{ rows: 1 }, { rows: 1 }])
})

test('pages of one result are one question, however they are asked for', async () => {
  const { get, log, parts } = createHouse({ readsOnRecord: true })
  log({ event_type: 'COMMIT' }, { event_type: 'COMMIT' })
  for (const page of ['', '&offset=1', '&offset=2']) await get(`/events?limit=1${page}`).expect(200)
  expect(parts.reads).toHaveLength(1)
})

test('what is refused, what shows how Daybook is, and what is written is no read', async () => {
  const { get, post, parts } = createHouse({ readsOnRecord: true })
  await get('/events?limit=0').expect(400)
  await get('/events', 'anonymous').expect(403)
  await get('/metrics').expect(200)
  await get('/healthz').expect(200)
  await post('/events', { event_type: 'COMMIT' }).expect(202)
  expect(parts.reads).toEqual([])
})

test('the same question in a minute is an event at its begin, and one at its end with how often', () => {
  jest.useFakeTimers()
  try {
    const { sink, reads } = createMemoryParts()
    const note = createNoteRead({ sink, isOn: true })
    const req = { get: () => undefined, socket: {}, method: 'GET', baseUrl: '', path: '/events' } as never
    const admin: Viewer = { role: 'admin', tenant_id: 'default', key_id: 'one' }
    const ask = (viewer: Viewer, filters: object, rows: number) =>
      note(req, viewer, { operation: 'findEvents', filters: { ...filters }, answer: { events: Array(rows).fill({}) } })
    ask(admin, {}, 2)
    ask(admin, { cursor: 'page two', limit: 2 }, 2)
    ask(admin, { limit: 500 }, 3)
    ask(admin, { user_id: ['bob'] }, 1)
    ask({ ...admin, key_id: 'two' }, {}, 4)
    jest.advanceTimersByTime(59_999)
    expect(reads.map(({ payload }) => payload)).toMatchObject([{ rows: 2 }, { rows: 1 }, { rows: 4 }])
    jest.advanceTimersByTime(1)
    expect(reads.slice(3)).toMatchObject([{ actor_id: 'one', payload: { filters: {}, reads: 2, rows: 5 } }])
    ask(admin, {}, 2)
    expect(reads).toHaveLength(5)
  } finally {
    jest.useRealTimers()
  }
})
