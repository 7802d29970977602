import { expect, test } from '@jest/globals'
import { DATABASE } from '../../src/config/defaults.ts'
import { orFault } from '../../src/store/faults.ts'
import { whileAsked } from '../../src/store/leaving.ts'
import { createOrm } from '../../src/store/orm.ts'
import { runSql } from '../../src/store/sql.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestDatabase, forEachDatabase } from '../kit/database.ts'
import { openTestStore, PATIENT } from '../kit/store.ts'
import { waitUntil } from '../kit/wait-until.ts'

const SLEEPERS = `select count(*)::int as sleepers from pg_stat_activity
  where query like 'select pg_sleep%' and state = 'active' and datname = current_database()`

test('the question of a caller who has left is cancelled, and its connection is free for others', async () => {
  const { url } = await createTestDatabase('db', 'own')
  const { orm } = await openTestStore({ kind: 'postgres', url })
  const watcher = await openTestStore({ kind: 'postgres', url })
  const countSleepers = async () => {
    const { rows } = await runSql<{ sleepers: number }>(watcher.orm.em.fork(), SLEEPERS)
    return rows[0]?.sleepers
  }
  const until = (count: number) =>
    waitUntil(async () => ((await countSleepers()) === count ? true : undefined), { what: `${count} sleepers` })

  const leaving = new AbortController()
  const asked = whileAsked(leaving.signal, () => runSql(orm.em.fork(), 'select pg_sleep(14)'))
  const refused = expect(asked).rejects.toMatchObject({ code: '57014' })
  await until(1)
  leaving.abort()
  await refused
  await until(0)
  expect((await runSql<{ one: number }>(orm.em.fork(), 'select 1 as one')).rows).toEqual([{ one: 1 }])

  const late = whileAsked(leaving.signal, () => runSql(orm.em.fork(), 'select pg_sleep(14)'))
  await expect(late).rejects.toMatchObject({ name: 'AbortError' })
  expect(await countSleepers()).toBe(0)
})

test('a question that takes longer than it may is ended by the database, and its connection is free for others', async () => {
  const { url } = await createTestDatabase()
  const orm = createOrm({ kind: 'server', url, ...DATABASE, ...PATIENT, connections: 1, statementTimeoutMs: 2_000 })
  onTestEnd(() => orm.close(true))
  const asked = orFault(() => runSql(orm.em.fork(), 'select pg_sleep(14)'))
  await expect(asked).rejects.toMatchObject({ code: 'database_slow' })
  expect((await runSql<{ one: number }>(orm.em.fork(), 'select 1 as one')).rows).toEqual([{ one: 1 }])
})

forEachDatabase((_label, open) => {
  test('who stays has the same answer', async () => {
    const { orm } = await openTestStore(await open())
    const ask = () => runSql<{ n: number }>(orm.em.fork(), 'select $1::int + 1 as n', [1])
    expect((await whileAsked(new AbortController().signal, ask)).rows).toEqual([{ n: 2 }])
  })
})
