import { afterAll, beforeAll, expect, test } from '@jest/globals'
import express from 'express'
import request from 'supertest'
import type { EventRow } from '../../src/event/query.ts'
import { type EventLogging, eventLogging } from '../../src/index.ts'
import { expectEvent } from '../../src/testing/testing.ts'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'

let logging: EventLogging

beforeAll(async () => {
  const { url } = await createTestDatabase()
  logging = eventLogging({ database: url, dir: createTestFolder(), onNotice: () => undefined })
  logging.logger.commit({ user_id: 'ada', files_changed: ['a.ts', 'b.ts'], payload: { branch: 'main', sha: '4f2' } })
})

afterAll(() => logging.close())

const failure = (expected: object, timeoutMs = 1): Promise<Error> =>
  expectEvent(logging, expected, { timeoutMs }).then(
    () => Promise.reject(new Error('it was found')),
    (error) => error,
  )

test.each<[string, object]>([
  ['a type in any spelling', { event_type: 'commit' }],
  ['columns', { event_type: 'COMMIT', user_id: 'ada', status: 'success' }],
  ['a part of the payload', { payload: { branch: 'main' } }],
  ['a list', { files_changed: ['a.ts', /\.ts$/] }],
  ['a pattern', { user_id: /^a/ }],
  ["a matcher of the runner's", { payload: expect.objectContaining({ sha: expect.any(String) }) }],
  ['a column that is not there', { event_type: 'commit', session_id: undefined }],
  ['a tenant', { event_type: 'commit', tenant_id: 'default' }],
])('finds an event by %s', async (_, expected) => {
  expect(await expectEvent(logging, expected)).toMatchObject({ event_type: 'COMMIT', user_id: 'ada' })
})

test.each(['', 'g', 'y'])('tries a pattern with the flags "%s" on each event from its beginning', async (flags) => {
  const row = (id: string, user_id: string) => ({ id, action_description: 'order paid', user_id }) as EventRow
  const rows = [row('2', 'bob'), row('1', 'ada')]
  const log = { flush: async () => true, logger: { getEvents: async () => rows } }
  const pattern = new RegExp('order', flags)
  const found = await expectEvent(log, { action_description: pattern, user_id: 'ada' }, { timeoutMs: 0 })
  expect(found).toMatchObject({ id: '1' })
})

test.each([0, 1])('compares a date with a stored time, %i ms away', async (awayMs) => {
  const time = Date.parse('2026-11-21T10:00:00Z')
  const row = {
    created_at: '2026-11-21T10:00:00.000000Z',
    payload: { due: '2026-11-21T10:00:00.000Z' },
  } as unknown as EventRow
  const log = { flush: async () => true, logger: { getEvents: async () => [row] } }
  const at = new Date(time + awayMs)
  const found = expectEvent(log, { created_at: at, payload: { due: at } }, { timeoutMs: 0 })
  expect(await found.catch(() => 'none')).toBe(awayMs === 0 ? row : 'none')
})

test('waits for one that is logged later', async () => {
  const found = expectEvent(logging, { event_type: 'LATER' })
  await logging.flush()
  logging.logger.log({ event_type: 'LATER', entity_id: '7' })
  expect(await found).toMatchObject({ entity_id: '7' })
})

test('finds the event of a request as soon as it was answered', async () => {
  const app = express().use(logging)
  app.get('/orders/:id', (_req, res) => void res.sendStatus(204))
  await request(app).get('/orders/7').expect(204)
  const found = await expectEvent(logging, { event_type: 'API_REQUEST', route: '/orders/:id' }, { timeoutMs: 60_000 })
  expect(found).toMatchObject({ path: '/orders/7', status_code: 204 })
})

test('shows the nearest event, and what of it is not as expected', async () => {
  await logging.flush()
  const { message } = await failure({ event_type: 'commit', user_id: 'ada', payload: { branch: 'dev', sha: /^4/ } })
  expect(message).toMatch(/no event was like this within 1 ms/)
  expect(message).toContain('  - payload.branch: "dev"\n  + payload.branch: "main"\n')
  expect(message).toContain('    user_id: "ada"')
  expect(message).not.toMatch(/[-+] payload\.sha/)
})

test('says what there is where nothing has the type', async () => {
  await logging.flush()
  const { message } = await failure({ event_type: 'push', user_id: /^a/ })
  expect(message).toContain('Expected {"event_type":"push","user_id":"/^a/"}.')
  expect(message).toMatch(/Stored: .*1 × COMMIT/)
})

test('compares lists as a whole and finds no member in what is no object', async () => {
  await logging.flush()
  expect((await failure({ event_type: 'commit', files_changed: ['a.ts'] })).message).toContain(
    '- files_changed: ["a.ts"]\n  + files_changed: ["a.ts","b.ts"]',
  )
  expect((await failure({ event_type: 'commit', comments: { a: 1 } })).message).toContain('+ comments: nothing')
})
