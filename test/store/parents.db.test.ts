/** Parents that come and go while batches are under way; only a server has more than one connection. */
import { expect, test } from '@jest/globals'
import pg from 'pg'
import type { Event } from '../../src/event/event.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestDatabase } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { askerOf, storerOf } from '../kit/rows.ts'
import { openTestStore } from '../kit/store.ts'
import { waitUntil } from '../kit/wait-until.ts'

const refinery = createTestRefinery()
const toEvent = (session_id: string): Event =>
  refinery.seal({ event_type: 'COMMIT', session_id, user_id: `user of ${session_id}` })

async function openPostgres() {
  const { url } = await createTestDatabase('db', 'own')
  const open = async (segment: string) => {
    const store = await openTestStore({ kind: 'postgres', url })
    return { ask: askerOf(store), store: storerOf(store, segment) }
  }
  return { url, first: await open('events_2026-11-21_1-a.jsonl'), second: await open('events_2026-11-21_2-b.jsonl') }
}

test('two writers that name the same new parents in opposite order never wait for each other in a ring', async () => {
  const { first, second } = await openPostgres()
  const names = Array.from({ length: 400 }, (_, n) => String(n))
  for (let round = 0; round < 5; round++) {
    const forth = names.map((name) => toEvent(`${round} ${name}`))
    const back = names.toReversed().map((name) => toEvent(`${round} ${name}`))
    await Promise.all([first.store(forth), second.store(back)])
  }
  expect(await first.ask('select count(*)::int as stored from event_logs')).toEqual([{ stored: 4_000 }])
  expect(await first.ask('select count(*)::int as made from chat_sessions')).toEqual([{ made: 2_000 }])
})

test.each([
  ['knows', true],
  ['does not know', false],
])(
  'a session that is deleted while its batch is under way stays deleted, also where the writer %s it',
  async (_how, isKnown) => {
    const { url, first, second } = await openPostgres()
    await (isKnown ? first : second).store([toEvent('s')])
    const other = new pg.Client({ connectionString: url })
    await other.connect()
    onTestEnd(() => other.end())
    await other.query('begin')
    await other.query(`delete from chat_sessions where id = 's'`)
    const outcome = first.store([toEvent('s'), toEvent('t')]).catch((error: unknown) => error)
    await waitUntil(
      async () => {
        const { rows } = await other.query(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
        return rows.length > 0 || undefined
      },
      { what: 'the batch to wait for the deletion' },
    )
    await other.query('commit')
    expect(await outcome).toMatchObject({ code: 'session_deleted' })
    expect(await second.ask('select id from chat_sessions')).toEqual([])
    expect(await second.ask('select id from event_logs')).toEqual([])
  },
)
