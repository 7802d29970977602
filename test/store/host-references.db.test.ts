import { expect, test } from '@jest/globals'
import type { References } from '../../src/config/host-options.ts'
import { type DatabaseTarget, forEachDatabase } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { askerOf, storerOf } from '../kit/rows.ts'
import { openTestStore, type TestStore } from '../kit/store.ts'

const refinery = createTestRefinery()
const SESSION = '11111111-2222-4333-8444-555555555555'
const HOST: References = {
  sessions: { table: 'app.chats', key: 'chat_id' },
  users: 'users',
  agents: { table: 'user_agents', key: 'slug' },
}

const toEvent = (fields: object) => refinery.seal({ event_type: 'COMMIT', ...fields })

/** The database of an app with tables of its own, two of which are named like Daybook's. */
async function openHost(target: DatabaseTarget): Promise<TestStore> {
  const store = await openTestStore(target, { references: 'none' })
  const ask = askerOf(store)
  await ask('create schema app')
  await ask('create table app.chats (chat_id uuid primary key)')
  await ask('create table users (id bigint primary key, email text not null)')
  await ask('create table user_agents (slug text primary key)')
  await ask('insert into app.chats values ($1)', [SESSION])
  await ask(`insert into users values (7, 'alice@example.com')`)
  await ask(`insert into user_agents values ('billing')`)
  return store
}

forEachDatabase((label, open) => {
  /** Opens the store of one database anew with other references. */
  const openWith = async (target: DatabaseTarget, references: References) => {
    const notices: string[] = []
    const store = await openTestStore(target, { references, onNotice: (line) => notices.push(line) })
    return { ...store, notices, ask: askerOf(store), store: storerOf(store, `events_2026-11-21_${++opened}-a.jsonl`) }
  }
  let opened = 0

  test('without references no table of an app is made, touched or needed', async () => {
    const { ask, store, notices } = await openWith(await open('empty'), 'none')
    await ask('create table users (id bigint primary key)')
    await store([toEvent({ user_id: 'anybody', session_id: 's' })])
    expect(await ask('select id from users')).toEqual([])
    expect(await ask(`select to_regclass('chat_sessions')::text as name`)).toEqual([{ name: null }])
    expect(notices).toEqual([])
  })

  test('tables of the host are parents by columns of their own type, and nothing is written to them', async () => {
    const target = await open('empty')
    await (await openHost(target)).close()
    const { ask, store, notices } = await openWith(target, HOST)
    await store([
      toEvent({ session_id: SESSION, user_id: '7', agent_id: 'billing', actor_id: 'alice', comments: 'known' }),
      toEvent({ session_id: 'no uuid', user_id: 'alice', agent_id: 'other', comments: 'unknown' }),
      toEvent({ user_id: '8', comments: 'nobody' }),
    ])
    expect(notices).toEqual([])
    const columns = 'comments, session_id, user_id, agent_id, session_ref::text, user_ref::text, agent_ref'
    const unknown = { session_ref: null, user_ref: null, agent_ref: null }
    const others = [
      { comments: 'unknown', session_id: 'no uuid', user_id: 'alice', agent_id: 'other', ...unknown },
      { comments: 'nobody', session_id: null, user_id: '8', agent_id: null, ...unknown },
    ]
    const known = { comments: 'known', session_id: SESSION, agent_id: 'billing' }
    const refs = { session_ref: SESSION, user_ref: '7', agent_ref: 'billing' }
    const rows = () => ask(`select ${columns} from event_logs order by created_at`)
    expect(await rows()).toEqual([{ ...known, user_id: '7', ...refs }, ...others])

    await ask('delete from users')
    expect(await rows()).toEqual([{ ...known, user_id: null, ...refs, user_ref: null }, ...others])
    await ask('delete from user_agents')
    expect((await rows())[0]).toMatchObject({ agent_id: null, agent_ref: null, session_ref: SESSION })
    await ask('delete from app.chats')
    expect(await rows()).toEqual(others)
    await expect(store([toEvent({ session_id: SESSION })])).rejects.toMatchObject({ code: 'session_deleted' })
    await expect(ask('delete from event_logs')).rejects.toThrow(/append-only/)
  })

  test('a table that is no table of ours or is not there is told of, and its events are stored without it', async () => {
    const target = await open('empty')
    await (await openHost(target)).close()
    const own = await openWith(target, 'own')
    expect(own.notices).toEqual([
      expect.stringContaining("the table users is not Daybook's and stays as it is, so user_id refers to nothing"),
      expect.stringContaining("the table user_agents is not Daybook's"),
    ])
    await own.store([toEvent({ session_id: 's', user_id: 'alice' })])
    expect(await own.ask('select id::text, email from users')).toEqual([{ id: '7', email: 'alice@example.com' }])
    expect(await own.ask('select id from chat_sessions')).toEqual([{ id: 's' }])
    await own.close()

    const gone = await openWith(target, { users: 'customers', runs: { table: 'app.chats', key: 'run' } })
    expect(gone.notices).toEqual([
      expect.stringContaining('references.users names customers with the key id, which is not there'),
      expect.stringContaining('references.runs names app.chats with the key run'),
    ])
    await gone.store([toEvent({ session_id: 's', user_id: 'alice' })])
    expect(await gone.ask('select count(*)::int as stored from event_logs')).toEqual([{ stored: 2 }])
  })

  test('the references can be changed with rows there: own, none, own again, the host\u2019s, and down', async () => {
    const target = await open('empty')
    const first = await openWith(target, 'none')
    const elsewhere = { tenant_id: 'elsewhere', session_id: 's' }
    await first.store([toEvent({ session_id: 's', user_id: 'u' }), toEvent(elsewhere), toEvent({})])
    await first.close()

    const own = await openWith(target, 'own')
    expect(own.notices).toEqual([])
    expect(await own.ask('select tenant_id, id, is_stub from chat_sessions order by 1')).toEqual([
      { tenant_id: 'default', id: 's', is_stub: true },
      { tenant_id: 'elsewhere', id: 's', is_stub: true },
    ])
    expect(await own.ask(KEYS)).toEqual([{ wholes: 10, parts: 30, invalid: 0 }])
    await own.ask(`delete from chat_sessions where tenant_id = 'elsewhere'`)
    expect(await own.ask('select count(*)::int as left from event_logs')).toEqual([{ left: 2 }])
    await own.close()

    const none = await openWith(target, 'none')
    expect(await none.ask(KEYS)).toEqual([{ wholes: 0, parts: 0, invalid: 0 }])
    await none.store([toEvent(elsewhere)])
    await none.close()

    // What was stored meanwhile of a session that was deleted goes after it.
    const again = await openWith(target, 'own')
    expect(await again.ask(KEYS)).toEqual([{ wholes: 10, parts: 30, invalid: 0 }])
    expect(await again.ask(`select session_id, user_id from event_logs order by created_at`)).toEqual([
      { session_id: 's', user_id: 'u' },
      { session_id: null, user_id: null },
    ])
    await again.ask('create table people (id uuid primary key)')
    await again.close()

    const host = await openWith(target, { users: 'people' })
    expect(host.notices).toEqual([])
    expect(await host.ask(KEYS)).toEqual([{ wholes: 2, parts: 6, invalid: 0 }])
    await host.orm.migrator.down({ to: 0 })
    expect(
      await host.ask(`select relname as name from pg_class where relnamespace = 'public'::regnamespace
      and relkind = 'r' and relname !~ '^daybook_migrations'`),
    ).toEqual([{ name: 'people' }])
  })

  test(`a key that was broken off half way is completed on ${label}`, async () => {
    const target = await open('empty')
    const first = await openWith(target, 'own')
    await first.store([toEvent({ session_id: 's', user_id: 'u' })])
    const [part] = await first.ask(
      `select min(inhrelid::regclass::text) as name from pg_inherits where inhparent = 'event_logs'::regclass`,
    )
    const [{ definition } = {}] = await first.ask(
      `select pg_get_constraintdef(oid) as definition from pg_constraint where conname = 'event_logs_user_id_foreign' and conparentid = 0`,
    )
    await first.ask('alter table event_logs drop constraint event_logs_user_id_foreign')
    await first.ask(`alter table ${part?.name} add constraint event_logs_user_id_foreign ${definition} not valid`)
    await first.close()
    const again = await openWith(target, 'own')
    expect(again.notices).toEqual([])
    expect(await again.ask(KEYS)).toEqual([{ wholes: 10, parts: 30, invalid: 0 }])
  })
})

const KEYS = `select count(*) filter (where conparentid = 0)::int as wholes, count(*) filter (where conparentid <> 0)::int as parts,
  count(*) filter (where not convalidated)::int as invalid
  from pg_constraint where contype = 'f' and conname ~ '_logs_'`
