/** References of the logs, and the scenarios of the documents they were asked for in, each under its own name. */
import { expect, test } from '@jest/globals'
import { MikroORM as PgliteOrm } from '@mikro-orm/pglite'
import type { Event } from '../../src/event/event.ts'
import { ChatSession, EventLog } from '../../src/store/entities/entities.ts'
import { runSql } from '../../src/store/sql.ts'
import type { Contents } from '../kit/contents.ts'
import { forEachDatabase } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { askerOf, storerOf } from '../kit/rows.ts'
import { openTestStore } from '../kit/store.ts'

const refinery = createTestRefinery()
const toEvent = (fields: object = {}): Event => refinery.seal({ event_type: 'TOOL_REQUEST', ...fields })
const everybody = { session_id: 's', user_id: 'u', project_id: 'p', agent_id: 'a', run_id: 'r', actor_id: 'who' }

forEachDatabase((label, open) => {
  const openStore = async (contents?: Contents) => {
    const store = await openTestStore(await open(contents))
    return { ...store, ask: askerOf(store), store: storerOf(store) }
  }

  test('Event structure in the database: an event is a row with its named columns', async () => {
    const { ask, store } = await openStore()
    const fields = { ...everybody, error_code: 'E1', tool_name: 'search', approval_status: 'approved' }
    const event = toEvent({ ...fields, payload: { query: 'x' } })
    await store([event])
    expect(
      await ask(`select id, session_id, user_id, project_id, agent_id, event_type, payload::text as payload,
      created_at is not null as is_dated, error_code, tool_name, approval_status from event_logs`),
    ).toEqual([
      {
        id: event.id,
        session_id: 's',
        user_id: 'u',
        project_id: 'p',
        agent_id: 'a',
        event_type: 'TOOL_REQUEST',
        payload: '{"query": "x"}',
        is_dated: true,
        error_code: 'E1',
        tool_name: 'search',
        approval_status: 'approved',
      },
    ])
  })

  test('Indexes: what is asked most, of a session, a user, a run, a trace or by denormalised columns, is read from its index', async () => {
    const { ask, store } = await openStore()
    const toIds = (n: number) => ({ session_id: `s${n}`, user_id: `u${n}`, project_id: `p${n}`, run_id: `r${n}` })
    const rare = { error_code: 'E1', tool_name: 'search', approval_status: 'approved', trace_id: 'a'.repeat(32) }
    const toRow = (n: number) => ({ ...toIds(n % 200), ...(n % 100 === 0 && rare) })
    const events = Array.from({ length: 3_000 }, (_, n) => toEvent(toRow(n)))
    const errors = Array.from({ length: 3_000 }, (_, n) =>
      refinery.sealError({ error: Object.assign(new Error('boom'), { name: `E${n % 200}` }), ...toRow(n) }),
    )
    await store(events, errors)
    await ask('analyze event_logs')
    await ask('analyze error_logs')
    const asked = { ...toIds(7), error_type: 'E7', ...rare }
    const columns = {
      event_logs: [
        'session_id',
        'user_id',
        'project_id',
        'run_id',
        'trace_id',
        'error_code',
        'tool_name',
        'approval_status',
      ],
      error_logs: ['trace_id', 'project_id', 'run_id', 'error_type'],
    } as const
    for (const [log, column] of Object.entries(columns).flatMap(([log, names]) =>
      names.map((name) => [log, name] as const),
    )) {
      const plan = JSON.stringify(
        await ask(
          `explain (format json) select * from ${log} where ${column} = '${asked[column]}'
             and created_at between '${events[0]?.created_at}' and '${errors.at(-1)?.created_at}'
           order by created_at desc limit 5`,
        ),
      )
      const used = [...plan.matchAll(/"Index Name":\s*"([^"]+)"/g)].map(([, name]) => name)
      const wholes = await ask(
        'select distinct inhparent::regclass::text as name from pg_inherits where inhrelid = any ($1::regclass[])',
        [`{${used.join(',')}}`],
      )
      expect(wholes).toEqual([{ name: `ix_${log}_${column}_created_at` }])
    }
  })

  test('JSONB payload: differing structures are stored as they are and can be asked by their members', async () => {
    const { ask, store } = await openStore()
    const payloads = [{ tool: { args: [1, 2] } }, ['a', null], 'text', 5]
    await store(payloads.map((payload) => toEvent({ payload })))
    const rows = await ask(
      `select payload::text as text, pg_typeof(payload)::text as type from event_logs order by created_at`,
    )
    expect(rows.map(({ text }) => JSON.parse(String(text)))).toEqual(payloads)
    expect(new Set(rows.map(({ type }) => type))).toEqual(new Set(['jsonb']))
    expect(
      await ask(`select count(*)::int as found from event_logs where payload @> '{"tool": {"args": [2]}}'`),
    ).toEqual([{ found: 1 }])
  })

  test('Cascade: a deleted session takes its events and errors with it, and no others', async () => {
    const { ask, store } = await openStore()
    await ask(`insert into chat_sessions (id, title) values ('s', 'About a refund')`)
    const other = toEvent({ session_id: 'other' })
    const elsewhere = toEvent({ session_id: 's', tenant_id: 'elsewhere' })
    const error = refinery.sealError({ error: new Error('boom'), session_id: 's' })
    await store([toEvent(everybody), toEvent(everybody), other, elsewhere], [error])
    await ask(`delete from chat_sessions where id = 's' and tenant_id = 'default'`)
    expect(await ask('select id from event_logs order by created_at')).toEqual([{ id: other.id }, { id: elsewhere.id }])
    expect(await ask('select id from error_logs')).toEqual([])
  })

  test.each([
    ['agent', 'user_agents', 'agent_id', 'a'],
    ['user', 'users', 'user_id', 'u'],
    ['project', 'user_projects', 'project_id', 'p'],
    ['run', 'runs', 'run_id', 'r'],
  ])('SET NULL: a deleted %s leaves its events and errors without it', async (_what, table, column, id) => {
    const { ask, store } = await openStore()
    const error = refinery.sealError({ error: new Error('boom'), ...everybody })
    await store([toEvent({ ...everybody, payload: { kept: [1.5, 'x'] } })], [error])
    await ask(`delete from ${table} where id = $1`, [id])
    const { actor_id: _, ...ids } = everybody
    expect(await ask('select session_id, user_id, project_id, agent_id, run_id, actor_id from event_logs')).toEqual([
      { ...everybody, [column]: null },
    ])
    expect(await ask('select session_id, user_id, project_id, agent_id, run_id from error_logs')).toEqual([
      { ...ids, [column]: null },
    ])
  })

  test('Migration up: the log is there with its indexes and its foreign keys, in every partition', async () => {
    const { ask } = await openStore('empty')
    const keys = await ask(
      `select conname as name, pg_get_constraintdef(oid) as definition, convalidated as valid from pg_constraint
       where conrelid = 'event_logs'::regclass and contype = 'f' order by 1`,
    )
    const setNull = (column: string, table: string) => ({
      name: `event_logs_${column}_foreign`,
      definition: `FOREIGN KEY (tenant_id, ${column}) REFERENCES ${table}(tenant_id, id) ON DELETE SET NULL (${column})`,
      valid: true,
    })
    expect(keys).toEqual([
      setNull('agent_id', 'user_agents'),
      setNull('project_id', 'user_projects'),
      setNull('run_id', 'runs'),
      {
        name: 'event_logs_session_id_foreign',
        definition: 'FOREIGN KEY (tenant_id, session_id) REFERENCES chat_sessions(tenant_id, id) ON DELETE CASCADE',
        valid: true,
      },
      setNull('user_id', 'users'),
    ])
    const parts = await ask(
      `select count(*) filter (where conparentid <> 0)::int as keys, count(distinct conrelid)::int as partitions
       from pg_constraint where contype = 'f' and conrelid in (select inhrelid from pg_inherits where inhparent = 'event_logs'::regclass)`,
    )
    expect(parts).toEqual([{ keys: 15, partitions: 3 }])
  })

  test('Migration down: each leaves nothing of its own', async () => {
    const { orm, ask, store } = await openStore('empty')
    await store([toEvent(everybody)])
    await orm.migrator.down({ to: '0001-event-and-error-logs' })
    expect(
      await ask(
        `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
           and not relispartition and relname !~ '^daybook_migrations'
         union all select proname from pg_proc where pronamespace = 'public'::regnamespace
         union all select tgname from pg_trigger where not tgisinternal
         union all select conname from pg_constraint where contype = 'f' order by 1`,
      ),
    ).toEqual([{ name: 'api_keys' }, { name: 'daybook_make_partition' }, { name: 'spool_cursors' }])
    expect(await ask('select session_id from event_logs')).toEqual([{ session_id: 's' }])
    await orm.migrator.up()
    await orm.migrator.down({ to: 0 })
    expect(await ask(`select to_regclass('event_logs')::text as log`)).toEqual([{ log: null }])
  })

  test('EventLog and its parents are entities of the door, with the types of their columns', async () => {
    const { orm, store } = await openStore()
    const event = toEvent({ ...everybody, payload: { a: 1 } })
    await store([event])
    const em = orm.em.fork()
    for (const zone of ['UTC', 'Asia/Kathmandu', 'America/St_Johns']) {
      const found = await orm.em.fork().transactional(async (em) => {
        await runSql(em, `set local timezone to '${zone}'`)
        return em.findOneOrFail(EventLog, { id: event.id })
      })
      expect(found).toMatchObject({ created_at: event.created_at, payload: { a: 1 }, session_id: 's' })
    }
    const session = await em.findOneOrFail(ChatSession, { id: 's' })
    expect(session).toMatchObject({ tenant_id: 'default', is_stub: true, created_at: expect.any(Date) })
    em.assign(session, { title: 'About a refund', is_stub: false })
    await em.flush()
    expect(orm instanceof PgliteOrm).toBe(label === 'PGlite')
  })

  test('a parent that nobody has created is made with the first event that names it, and what is known of it stays', async () => {
    const { ask, store } = await openStore()
    await ask(`insert into users (id, name) values ('u', 'Alice')`)
    await store([toEvent(everybody), toEvent({ ...everybody, user_id: 'v' })])
    await store([toEvent({ ...everybody, user_id: 'w' })])
    expect(await ask('select id, name, is_stub from users order by id')).toEqual([
      { id: 'u', name: 'Alice', is_stub: false },
      { id: 'v', name: null, is_stub: true },
      { id: 'w', name: null, is_stub: true },
    ])
    expect(await ask('select count(*)::int as stored from event_logs')).toEqual([{ stored: 3 }])
  })

  test('a user that was deleted is raised again by a later event, since the writer asks anew', async () => {
    const { ask, store } = await openStore()
    await store([toEvent(everybody)])
    await ask(`delete from users where id = 'u'`)
    await store([toEvent(everybody)])
    expect(await ask('select user_id from event_logs order by created_at')).toEqual([
      { user_id: null },
      { user_id: 'u' },
    ])
  })

  test('late rows of a deleted session are refused by name, and the session stays deleted', async () => {
    const { ask, store } = await openStore()
    await store([toEvent(everybody)])
    await ask(`delete from chat_sessions where id = 's'`)
    const [late, good] = [toEvent(everybody), toEvent({ session_id: 'other' })]
    const refusal: unknown = await store([late, good]).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'session_deleted', policy: 'poison' })
    const { isLate } = refusal as { isLate: (event: Event) => boolean }
    expect([late, good].map(isLate)).toEqual([true, false])
    expect(await ask('select id from event_logs')).toEqual([])
    expect(await ask('select id from chat_sessions')).toEqual([])
    // Whoever makes it again by hand means it.
    await ask(`insert into chat_sessions (id) values ('s')`)
    await store([late])
    expect(await ask('select id from event_logs')).toEqual([{ id: late.id }])
  })
})
