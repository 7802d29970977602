/** The database says "not now", in all the ways it has: the batch is tried again, and stored once. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { createTestDatabase } from '../kit/database.ts'
import { heapBytes } from '../kit/heap.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { BATCHES_ALONE, createLog, type DrainSettings, startDrain } from './database-drain.ts'
import { createOracle, EXACT, isLong, openSession } from './database-oracle.ts'

async function setUp(settings: DrainSettings = {}) {
  const { url } = await createTestDatabase()
  const log = createLog()
  const drain = startDrain(log, url, settings)
  const acknowledged = log.write(1)
  expect(await drain.flush(120_000)).toBe(true)
  return { url, log, drain, acknowledged, oracle: createOracle(url) }
}

test.each([
  ['serialization failure', '40001'],
  ['deadlock', '40P01'],
  ['lock not available', '55P03'],
  ['query cancelled', '57014'],
  ['shutdown', '57P01'],
  ['connection failure', '08006'],
  ['too many connections', '53300'],
  ['disk full', '53100'],
  ['out of memory', '53200'],
])('after a %s (%s) the batch is tried again and stored once', async (_name, code) => {
  const { log, drain, acknowledged, oracle } = await setUp()
  await oracle.sql('create sequence raised')
  await oracle.sql(`create function fail_once() returns trigger language plpgsql as $$ begin
    if nextval('raised') = 3 then raise exception 'not now' using errcode = '${code}'; end if; return new; end $$`)
  await oracle.sql('create trigger fail_once before insert on event_logs for each row execute function fail_once()')
  acknowledged.push(...log.write(10))
  expect(await drain.flush(120_000)).toBe(true)
  // It was raised, in the middle of the batch, and the whole batch was tried again.
  expect(await oracle.sql('select last_value::int from raised')).toEqual([{ last_value: 13 }])
  expect(drain.tried).toEqual([1, 10, 10])
  expect(drain.reasons().join()).toMatch(code === '57014' ? /did not answer in time/ : `not now (${code})`)
  expect(await oracle.judge(acknowledged)).toEqual(EXACT)
  expect(drain.last()).toMatchObject({ stored: 11, quarantined: 0 })
})

test('while the database is read-only the events wait with that reason, and are stored once it is not', async () => {
  const { url, log, drain, acknowledged, oracle } = await setUp()
  const name = new URL(url).pathname.slice(1)
  await oracle.sql(`alter database "${name}" set default_transaction_read_only = on`)
  await oracle.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'daybook' and datname = '${name}'`,
  )
  acknowledged.push(...log.write(50))
  await waitUntil(() => drain.last().reason?.includes('read-only'), { what: 'the drain to say why it waits' })
  expect(drain.last()).toMatchObject({ state: 'waiting', reason: expect.stringMatching(/25006/) })
  expect(await oracle.count()).toBe(1)
  const admin = createOracle(Object.assign(new URL(url), { pathname: '/postgres' }).href)
  await admin.sql(`alter database "${name}" reset default_transaction_read_only`)
  // Nobody tells Daybook: it looks for another way in by itself.
  expect(await drain.flush(120_000)).toBe(true)
  expect(await oracle.judge(acknowledged)).toEqual(EXACT)
})

test('while a lock holds the table up, batches get smaller and memory does not grow; then it catches up', async () => {
  const { url, log, drain, acknowledged, oracle } = await setUp({ ...BATCHES_ALONE, statementTimeoutMs: 400 })
  const session = await openSession(url)
  await session.query('begin')
  await session.query('lock table event_logs in access exclusive mode')
  acknowledged.push(...log.write(2_000))
  await waitUntil(() => drain.tried.length >= 5, { what: 'five tries' })
  const before = heapBytes()
  acknowledged.push(...log.write(isLong ? 100_000 : 5_000))
  const tries = drain.tried.length
  await waitUntil(() => drain.tried.length >= tries + 3, { what: 'three more tries' })
  expect(drain.tried[1]).toBe(1_000)
  expect(drain.tried.at(-1)).toBeLessThanOrEqual(62)
  expect(drain.last()).toMatchObject({ state: 'waiting', reason: expect.stringMatching(/did not answer in time/) })
  expect(heapBytes() - before).toBeLessThan(64 * 1_048_576)
  await session.query('rollback')
  expect(await drain.flush(isLong ? 120_000 : 30_000)).toBe(true)
  expect(Math.max(...drain.tried.slice(tries + 3))).toBeGreaterThan(200)
  expect(await oracle.judge(acknowledged)).toEqual(EXACT)
})

test('when each row is slow to be stored, batches get smaller until they take their time, and all are stored', async () => {
  const { log, drain, acknowledged, oracle } = await setUp()
  await oracle.sql(`create function be_slow() returns trigger language plpgsql as
    $$ begin perform pg_sleep(0.005); return new; end $$`)
  await oracle.sql('create trigger be_slow before insert on event_logs for each row execute function be_slow()')
  acknowledged.push(...log.write(2_500))
  await waitUntil(() => drain.tried.length >= 4, { what: 'four batches' })
  expect(drain.tried[1]).toBe(1_000)
  expect(drain.tried[3]).toBeLessThanOrEqual(250)
  expect(drain.reasons()).toEqual([])
  // It may meet a batch in a deadlock.
  await oracle.sql('drop trigger be_slow on event_logs')
  expect(await drain.flush(120_000)).toBe(true)
  expect(await oracle.judge(acknowledged)).toEqual(EXACT)
})

test('a schema that a later release has made is left alone: the events wait with that reason, and go on when it is theirs again', async () => {
  const { url, log, drain, acknowledged, oracle } = await setUp()
  await drain.close()
  await oracle.sql(`insert into daybook_migrations (name, executed_at) values ('9999-of-the-future', now())`)
  acknowledged.push(...log.write(50))
  const next = startDrain(log, url)
  await waitUntil(() => next.seen.some(({ state }) => state === 'waiting'), { what: 'the drain to wait' })
  await sleep(500)
  expect(next.last()).toMatchObject({
    state: 'waiting',
    reason: expect.stringMatching(/later release of Daybook \(9999-of-the-future\)/),
    stored: 0,
    quarantined: 0,
  })
  expect(await oracle.count()).toBe(1)
  await oracle.sql(`delete from daybook_migrations where name = '9999-of-the-future'`)
  expect(await next.flush(120_000)).toBe(true)
  expect(await oracle.judge(acknowledged)).toEqual(EXACT)
})
