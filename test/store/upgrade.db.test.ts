import { expect, test } from '@jest/globals'
import pg from 'pg'
import { DATABASE } from '../../src/config/defaults.ts'
import { openMigrations } from '../../src/store/migrations.ts'
import { openWriter } from '../../src/store/writer.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestDatabase } from '../kit/database.ts'
import { openEarlier } from '../kit/earlier.ts'
import { waitUntil } from '../kit/wait-until.ts'

const DAY = '2026-11-22'
const EVENT = {
  ...{ id: '01a20151-434b-74a3-afd9-c6c8738e3bb7', created_at: `${DAY}T03:33:52.587000Z`, event_type: 'COMMIT' },
  ...{ category: 'configuration', status: 'success', severity: 'info', actor_type: 'user', tenant_id: 'default' },
  ...{ payload: { deep: [1, null] }, files_changed: ['a', 'b'] },
}
const BEFORE_QUESTIONS = '0005-access'
const STATEMENT_MS = 1_000
const CALL_MS = 10_000

const createTarget = async () => ({ kind: 'postgres', url: (await createTestDatabase('db', 'empty')).url }) as const

test('migrations that are taken back down to those of an earlier release leave the rows of the log as they are', async () => {
  const { orm, ask, put } = await openEarlier(await createTarget(), BEFORE_QUESTIONS)
  await ask(`select daybook_make_partition('event_logs', $1::date)`, [DAY])
  await put('event_logs', EVENT)
  const rows = () => ask('select * from event_logs')
  const before = await rows()
  expect(before).toHaveLength(1)
  const { up, down, list } = openMigrations(orm)
  await up()
  expect(await list()).not.toContainEqual(expect.objectContaining({ done: false }))
  for (let last: string | undefined; last !== '0006-questions'; ) last = await down()
  expect(await rows()).toEqual(before)
  await up()
  expect(await rows()).toEqual(before)
})

test('a migration that takes longer than a question may is not cut short', async () => {
  const target = await createTarget()
  const { url } = target
  const earlier = await openEarlier(target, BEFORE_QUESTIONS)
  // An index of a large log, and whatever else keeps a migration waiting.
  const holder = new pg.Client({ connectionString: url })
  await holder.connect()
  onTestEnd(() => holder.end())
  await holder.query('begin; lock table error_logs in share row exclusive mode')
  const notices: string[] = []
  const opening = openWriter(
    { kind: 'server', url, ...DATABASE, statementTimeoutMs: STATEMENT_MS },
    {
      retention: { eventsDays: 30, errorsDays: 90 },
      timeoutMs: CALL_MS,
      onNotice: (line) => notices.push(line),
    },
  )
  onTestEnd(() => opening.then((writer) => writer.close()).catch(() => undefined))
  const waiting = waitUntil(
    async () => {
      const [found] = await earlier.ask(
        `select clock_timestamp() - query_start > make_interval(secs => ${(CALL_MS + 500) / 1_000}) as is_long from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query like 'create index%'`,
      )
      return found?.is_long
    },
    { what: 'a migration to wait for longer than any limit', timeoutMs: 120_000 },
  )
  await Promise.race([waiting, opening])
  await holder.query('commit')
  const { orm } = await opening
  expect((await openMigrations(orm).list()).filter(({ done }) => !done)).toEqual([])
  expect(notices).toEqual([
    expect.stringMatching(/^Daybook: the database is brought to this release \(0006-questions, /),
  ])
})
