/** The database forgets, is put back, or is another one; cursors are changed by hand. The files decide what is lacking. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { createTestDatabase } from '../kit/database.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { createLog, leaveSegment, startDrain, toLine } from './database-drain.ts'
import { createOracle, EXACT, isLong, type Oracle } from './database-oracle.ts'

const EDITS = isLong ? 1_000 : 25

async function setUp() {
  const { url } = await createTestDatabase()
  const log = createLog()
  return { url, oracle: createOracle(url), log }
}

interface Backup {
  /** Events that are in it. */
  readonly count: number
  /** Puts it back, which cuts all connections. */
  restore(): Promise<void>
  /** Puts an empty one in the place of the database. */
  empty(): Promise<void>
}

/** A copy of the database as it is now. */
async function takeBackup(url: string): Promise<Backup> {
  const name = new URL(url).pathname.slice(1)
  const admin = createOracle(Object.assign(new URL(url), { pathname: '/postgres' }).href)
  const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`
  const copy = async (from: string, to: string) => {
    await waitUntil(
      async () => {
        await admin.sql(cut.replace(name, from))
        await admin.sql(`create database "${to}" template "${from}"`)
        return true
      },
      { what: 'a copy of the database', intervalMs: 5 },
    )
  }
  const drop = (database: string) => admin.sql(`drop database "${database}" with (force)`)
  const backup = `${name.slice(0, 50)}_backup`
  await copy(name, backup)
  return {
    count: await createOracle(Object.assign(new URL(url), { pathname: `/${backup}` }).href).count(),
    async restore() {
      await drop(name)
      await copy(backup, name)
      await drop(backup)
    },
    async empty() {
      await drop(name)
      await drop(backup)
      await admin.sql(`create database "${name}"`)
    },
  }
}

const setCursors = (oracle: Oracle, next: number) => oracle.sql('update spool_cursors set next_byte = $1', [next])

test(`a cursor that is changed by hand, ${EDITS} times to anything, loses no event and doubles none`, async () => {
  const { url, oracle, log } = await setUp()
  const drain = startDrain(log, url)
  const acknowledged = log.write(20)
  expect(await drain.flush(120_000)).toBe(true)
  let size = 0
  for (let edit = 0; edit < EDITS; edit++) {
    size = Number((await oracle.sql('select next_byte from spool_cursors'))[0]?.next_byte)
    // Before the beginning, anywhere in it, past the end.
    await setCursors(oracle, Math.floor(-500 + ((edit * 0.618_033_99) % 1) * (size + 1_500)))
    acknowledged.push(...log.write(3))
    expect(await drain.flush(120_000)).toBe(true)
  }
  expect(await oracle.judge(acknowledged)).toEqual(EXACT)
  expect(drain.last()).toMatchObject({ quarantined: 0, waiting_bytes: 0 })
  expect(drain.notices.length).toBeGreaterThan(EDITS / 2)
  expect(drain.reasons().join()).toMatch(/is stored up to byte/)
})

test.each([
  ['into a line', 100],
  ['past the end', 10_000_000],
  ['before the beginning', -7],
  ['to the beginning', 0],
])('a cursor that was set %s while nothing ran loses no line that comes later', async (_where, next) => {
  const { url, oracle, log } = await setUp()
  const first = startDrain(log, url)
  const acknowledged = log.write(20)
  expect(await first.flush(120_000)).toBe(true)
  await first.close()
  await setCursors(oracle, next)
  acknowledged.push(...log.write(20))
  const second = startDrain(log, url)
  expect(await second.flush(120_000)).toBe(true)
  expect(await oracle.judge(acknowledged)).toEqual(EXACT)
  expect(second.last()).toMatchObject({ quarantined: 0 })
  expect(second.notices).toHaveLength(next === 0 ? 0 : 1)
})

test('a database that is restored from an older backup gets what it lacks from the files, also from packed ones', async () => {
  const { url, oracle, log } = await setUp()
  const day = new Date(Date.now() - 10 * 86_400_000).toISOString()
  const drain = startDrain(log, url)
  const acknowledged = log.write(50)
  expect(await drain.flush(120_000)).toBe(true)
  const backup = await takeBackup(url)
  const old = `events_${day.slice(0, 10)}_1-left-1.jsonl`
  leaveSegment(log.dir, [toLine('left', { timestamp: day })], old)
  const packer = startDrain(log, url)
  const isPacked = () => readdirSync(join(log.dir, 'events')).includes(`${old}.gz`)
  await waitUntil(isPacked, { what: 'the old segment to be packed' })
  await packer.close()
  acknowledged.push('left', ...log.write(50))
  expect(await drain.flush(120_000)).toBe(true)
  expect(await oracle.count()).toBe(101)

  expect(backup.count).toBe(50)
  await backup.restore()
  acknowledged.push(...log.write(10))
  await waitUntil(async () => (await oracle.count()) === 111, { what: 'the restored database to catch up' })
  expect(await oracle.judge(acknowledged)).toEqual(EXACT)
  expect(await drain.flush(120_000)).toBe(true)
})

test('a database that is emptied while Daybook runs gets its schema and all that the files have', async () => {
  const { url, oracle, log } = await setUp()
  const drain = startDrain(log, url)
  const acknowledged = log.write(50)
  expect(await drain.flush(120_000)).toBe(true)
  const which = () => oracle.sql('select oid from pg_database where datname = current_database()')
  const before = await which()
  const { empty } = await takeBackup(url)
  await empty()
  expect(await which()).not.toEqual(before)
  acknowledged.push(...log.write(10))
  expect(await drain.flush(120_000)).toBe(true)
  expect(await oracle.judge(acknowledged)).toEqual(EXACT)
})

test('another database, empty, gets all that the files have', async () => {
  const { url, oracle, log } = await setUp()
  const first = startDrain(log, url)
  const acknowledged = log.write(50)
  expect(await first.flush(120_000)).toBe(true)
  await first.close()
  const other = await setUp()
  const second = startDrain(log, other.url)
  acknowledged.push(...log.write(10))
  expect(await second.flush(120_000)).toBe(true)
  expect(await other.oracle.judge(acknowledged)).toEqual(EXACT)
  expect(await oracle.count()).toBe(50)
})
