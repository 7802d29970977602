import { expect, test } from '@jest/globals'
import { runSql } from '../../src/store/sql.ts'
import { forEachDatabase } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { askerOf, storerOf } from '../kit/rows.ts'
import { openTestStore } from '../kit/store.ts'

const refinery = createTestRefinery()
const REFUSED = /append-only/

forEachDatabase((_label, open) => {
  /** A store with an event and an error of a session, a user and an agent. */
  const openFilled = async () => {
    const opened = await openTestStore(await open())
    const ask = askerOf(opened)
    const ids = { session_id: 's', user_id: 'u', agent_id: 'a' }
    const event = refinery.seal({ event_type: 'COMMIT', ...ids, payload: { n: 1.5 } })
    await storerOf(opened)([event], [refinery.sealError({ error: new Error('boom'), ...ids })])
    const day = event.created_at.slice(0, 10).replaceAll('-', '')
    const asOwner = (...statements: readonly string[]): Promise<unknown> =>
      opened.orm.em.fork().transactional(async (em) => {
        await runSql(em, `select set_config('daybook.removing', 'erasure', true)`)
        for (const statement of statements) await runSql(em, statement)
      })
    return { ...opened, ask, day, asOwner, count: () => ask(COUNT) }
  }

  test.each(['event_logs', 'error_logs'])(
    'no row of %s is changed, deleted or truncated, in none of its tables',
    async (log) => {
      const { ask, count, day } = await openFilled()
      for (const table of [log, `${log}_p${day}`])
        for (const statement of [
          `update ${table} set severity = 'critical'`,
          `update ${table} set severity = severity`,
          `update ${table} set user_id = null`,
          `update ${table} set session_id = null, severity = 'critical'`,
          `update ${table} set created_at = created_at + interval '1 day'`,
          `delete from ${table}`,
          `delete from ${table} where session_id = 's'`,
          `truncate ${table}`,
        ])
          await expect(ask(statement)).rejects.toThrow(REFUSED)
      await expect(ask('truncate chat_sessions cascade')).rejects.toThrow(REFUSED)
      await expect(ask(`truncate ${log} cascade`)).rejects.toThrow(REFUSED)
      expect(await count()).toEqual([{ events: 1, errors: 1 }])
    },
  )

  test('a partition that is made later is guarded like those that were there', async () => {
    const { ask } = await openFilled()
    await ask(`select daybook_make_partition('event_logs', '2030-01-01')`)
    await ask(`select daybook_make_partition('event_logs', '2030-01-01')`)
    await expect(ask('truncate event_logs_p20300101')).rejects.toThrow(REFUSED)
    await expect(ask(`select daybook_make_partition('api_keys', '2030-01-01')`)).rejects.toThrow('no log')
  })

  test('retention and erasure pass where they say why, for their own transaction only', async () => {
    const { ask, asOwner, count } = await openFilled()
    await asOwner(`update event_logs set payload = null`, 'delete from error_logs')
    expect(await ask('select payload from event_logs')).toEqual([{ payload: null }])
    await expect(ask('delete from event_logs')).rejects.toThrow(REFUSED)
    await asOwner('truncate event_logs')
    expect(await count()).toEqual([{ events: 0, errors: 0 }])
  })

  test('a partition is dropped as a whole without a word', async () => {
    const { ask, count, day } = await openFilled()
    await ask(`drop table event_logs_p${day}`)
    expect(await count()).toEqual([{ events: 0, errors: 1 }])
  })

  test('a deleted parent changes nothing but the reference to it, also beside stored generated columns', async () => {
    const { ask, asOwner } = await openFilled()
    await ask(`alter table event_logs add column words text generated always as (lower(event_type)) stored`)
    await ask(`delete from users where id = 'u'`)
    await ask(`delete from user_agents where id = 'a'`)
    const rows = await ask('select session_id, user_id, agent_id, payload::text as payload, words from event_logs')
    expect(rows).toEqual([{ session_id: 's', user_id: null, agent_id: null, payload: '{"n": 1.5}', words: 'commit' }])
    await asOwner(`update event_logs set comments = 'with leave'`)
    await expect(ask(`update event_logs set comments = null`)).rejects.toThrow(REFUSED)
  })

  test('without foreign keys no row of the log goes with a session', async () => {
    const { ask, count } = await openFilled()
    await ask('alter table event_logs drop constraint event_logs_session_id_foreign')
    await ask(`delete from chat_sessions`)
    await expect(ask(`delete from event_logs where session_id = 's'`)).rejects.toThrow(REFUSED)
    expect(await count()).toEqual([{ events: 1, errors: 0 }])
  })
})

const COUNT =
  'select (select count(*)::int from event_logs) as events, (select count(*)::int from error_logs) as errors'
