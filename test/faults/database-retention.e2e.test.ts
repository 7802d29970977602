/** Days that retention has dropped, or drops just now. */
import { expect, test } from '@jest/globals'
import { DATABASE } from '../../src/config/defaults.ts'
import { openWriter } from '../../src/store/writer.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestDatabase } from '../kit/database.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { BATCHES_ALONE, createLog, startDrain } from './database-drain.ts'
import { createOracle, EXACT, isLong, type Oracle, openSession } from './database-oracle.ts'
import { toOddLine } from './kit/poison.ts'

const ROUNDS = isLong ? 200 : 15

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString()
const toPartition = (iso: string): string => `event_logs_p${iso.slice(0, 10).replaceAll('-', '')}`

async function partitionsOf(oracle: Oracle): Promise<unknown[]> {
  const rows = await oracle.sql(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'event_logs'::regclass`,
  )
  return rows.map(({ name }) => name)
}

test('an event of a day whose partition was dropped in between makes it anew, and is stored', async () => {
  const { url } = await createTestDatabase()
  const oracle = createOracle(url)
  const log = createLog()
  const drain = startDrain(log, url)
  const created_at = daysAgo(5)
  log.append(toOddLine({ created_at }, 'before'))
  expect(await drain.flush(120_000)).toBe(true)
  expect(await partitionsOf(oracle)).toContain(toPartition(created_at))
  // As the retention of another process on the same database does.
  await oracle.sql(`drop table ${toPartition(created_at)}`)
  log.append(toOddLine({ created_at }, 'after'))
  const today = log.write(5)
  expect(await drain.flush(120_000)).toBe(true)
  expect(drain.last()).toMatchObject({ stored: 7, quarantined: 0 })
  expect(await oracle.judge(['after', ...today])).toEqual(EXACT)
})

test('old days are dropped while events are written, and none of those is lost or set aside', async () => {
  const { url } = await createTestDatabase()
  const oracle = createOracle(url)
  const log = createLog()
  const drain = startDrain(log, url, BATCHES_ALONE)
  const acknowledged = log.write(10)
  expect(await drain.flush(120_000)).toBe(true)
  for (let round = 0; round < ROUNDS; round++) {
    for (const days of [40, 41, 42])
      await oracle.sql('select daybook_make_partition($1, $2::date)', ['event_logs', daysAgo(days)])
    // A new one each time, as one works but once an hour.
    const other = await openWriter(
      { kind: 'server', url, ...DATABASE },
      { retention: { eventsDays: 30, errorsDays: 90 }, timeoutMs: 60_000 },
    )
    onTestEnd(() => other.close())
    acknowledged.push(...log.write(200))
    const isOver = async (): Promise<boolean> => {
      await other.idle()
      const left = await partitionsOf(oracle)
      return [40, 41, 42].every((days) => !left.includes(toPartition(daysAgo(days))))
    }
    const [stored] = await Promise.all([drain.flush(120_000), waitUntil(isOver, { what: 'the old days to go' })])
    expect(stored).toBe(true)
    await other.close()
  }
  expect(await oracle.judge(acknowledged)).toEqual(EXACT)
  expect(drain.last()).toMatchObject({ quarantined: 0 })
})

test('a reader that holds an old day makes its dropping wait, and no event waits for that', async () => {
  const { url } = await createTestDatabase()
  const oracle = createOracle(url)
  const log = createLog()
  const first = startDrain(log, url)
  const acknowledged = log.write(10)
  expect(await first.flush(120_000)).toBe(true)
  await first.close()
  await oracle.sql('select daybook_make_partition($1, $2::date)', ['event_logs', daysAgo(40)])
  const reader = await openSession(url)
  await reader.query('begin')
  await reader.query('select count(*) from event_logs')
  const drain = startDrain(log, url)
  for (let round = 0; round < 3; round++) {
    acknowledged.push(...log.write(10))
    expect(await drain.flush(60_000)).toBe(true)
  }
  expect(await partitionsOf(oracle)).toContain(toPartition(daysAgo(40)))
  await reader.query('commit')
  const isGone = async (): Promise<boolean> => !(await partitionsOf(oracle)).includes(toPartition(daysAgo(40)))
  await waitUntil(isGone, { what: 'the old day to go' })
  expect(drain.reasons()).toEqual([])
  expect(await oracle.judge(acknowledged)).toEqual(EXACT)
})
