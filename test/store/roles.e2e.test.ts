import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import pg from 'pg'
import { startChild } from '../kit/child.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestDatabase } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { askerOf, storerOf } from '../kit/rows.ts'
import { openTestStore } from '../kit/store.ts'

const CLI = fileURLToPath(new URL('../../src/cli/daybook.ts', import.meta.url))
const refinery = createTestRefinery()

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  onTestEnd(() => client.end())
  return client
}

/** A database with two roles beside it, all gone after the test. */
async function createRoles() {
  const server = await connect(process.env.TEST_POSTGRES_URL ?? '')
  const suffix = randomBytes(4).toString('hex')
  const [owner, service] = [`own er_${suffix}`, `service_${suffix}`]
  await server.query(`create role "${owner}" nologin password 'service'`)
  await server.query(`create role "${service}" login password 'service'`)
  // A database that a failed test keeps needs them.
  onTestEnd(async (failed) => void (failed || (await server.query(`drop role "${owner}", "${service}"`))))
  const { url } = await createTestDatabase('db', 'empty')
  const toUrl = (username: string): string =>
    Object.assign(new URL(url), { username: encodeURIComponent(username), password: 'service' }).href
  const migrate = async (...flags: readonly string[]) => {
    const child = startChild(CLI, ['migrate', ...flags], { DATABASE_URL: url, DAYBOOK_REFERENCES: 'own' })
    const { code } = await child.exit
    return { code, said: child.stdout() + child.stderr() }
  }
  return { owner, service, url, toUrl, migrate }
}

test('two roles: the service stores, prunes through the owner\u2019s functions, and can change nothing and switch nothing off', async () => {
  const { owner, service, url, toUrl, migrate } = await createRoles()
  const flags = ['--owner', owner, '--service', service]
  expect(await migrate(...flags)).toMatchObject({
    code: 0,
    said: expect.stringMatching(/The database is up to date\.\n$/),
  })
  expect(await migrate(...flags)).toMatchObject({ code: 0 })

  const notices: string[] = []
  const store = await openTestStore(
    { kind: 'postgres', url: toUrl(service) },
    { onNotice: (line) => notices.push(line) },
  )
  const ask = askerOf(store)
  const [kept, gone] = ['kept', 'gone'].map((session_id) =>
    refinery.seal({ event_type: 'COMMIT', session_id, user_id: 'u' }),
  )
  if (!kept || !gone) throw new Error('two events')
  await storerOf(store)([kept, gone], [refinery.sealError({ error: new Error('boom') })])
  expect(notices).toEqual([])
  await ask(`select daybook_make_partition('event_logs', '2030-01-01')`)
  await ask(`delete from chat_sessions where id = 'gone'`)
  await ask(`delete from users`)
  expect(await ask('select id, user_id from event_logs')).toEqual([{ id: kept.id, user_id: null }])
  await store.close()

  const client = await connect(toUrl(service))
  await client.query(`set daybook.removing = 'because I can'`)
  const part = `event_logs_p${kept.created_at.slice(0, 10).replaceAll('-', '')}`
  for (const statement of [
    ...[`update event_logs set comments = 'x'`, 'delete from event_logs', 'truncate event_logs'],
    ...[`update ${part} set comments = 'x'`, `delete from ${part}`, `truncate ${part}`, `drop table ${part}`],
    ...[`update error_logs set message = 'x'`, 'delete from error_logs', 'truncate chat_sessions cascade'],
    'alter table event_logs disable trigger all',
    'alter table event_logs detach partition event_logs_p20300101',
    'drop trigger daybook_append_only_row on event_logs',
    'alter table event_logs drop constraint event_logs_session_id_foreign',
    'create rule no as on insert to event_logs do instead nothing',
    'drop function daybook_guard_row() cascade',
    'alter function daybook_guard_row() rename to nothing',
    `set session_replication_role = 'replica'`,
    `set role "${owner}"`,
    'delete from daybook_deleted_sessions',
    'delete from daybook_migrations',
    'create table mine (id int)',
  ])
    await expect(client.query(statement)).rejects.toThrow(/permission denied|must be (able to SET ROLE|owner|member)/)

  const admin = await connect(url)
  // A right that was given by mistake: the guard still asks for the owner.
  await admin.query(`grant delete on event_logs to "${service}"`)
  await expect(client.query('delete from event_logs')).rejects.toThrow(/append-only/)
  await admin.query(`create function pruned() returns void language sql security definer as $$
    select set_config('daybook.removing', 'retention', true); delete from event_logs $$`)
  await admin.query(`alter function pruned() owner to "${owner}"`)
  await client.query('reset daybook.removing')
  await client.query('select pruned()')
  expect((await client.query('select count(*)::int as left from event_logs')).rows).toEqual([{ left: 0 }])
  await expect(connect(toUrl(owner))).rejects.toThrow(/not permitted to log in/)
})

test('what one role has made is given to the owner, and roles that could undo it are refused', async () => {
  const { owner, service, url, migrate } = await createRoles()
  expect(await migrate()).toMatchObject({ code: 0 })
  expect(await migrate('--owner', owner, '--service', service)).toMatchObject({ code: 0 })
  const admin = await connect(url)
  const { rows } = await admin.query(
    `select relname from pg_class where relnamespace = 'public'::regnamespace and pg_get_userbyid(relowner) <> $1
     union all select proname from pg_proc where pronamespace = 'public'::regnamespace and pg_get_userbyid(proowner) <> $1`,
    [owner],
  )
  expect(rows).toEqual([])
  await admin.query(`grant "${owner}" to "${service}"`)
  await admin.query(`alter role "${owner}" login`)
  const refused = await migrate('--owner', owner, '--service', service)
  expect(refused.code).toBe(1)
  expect(refused.said).toContain(`${owner} can log in`)
  expect(refused.said).toContain(`${service} must not be a member of ${owner}`)
  for (const [given, missing] of [
    ['--owner', '--service'],
    ['--service', '--owner'],
  ] as const) {
    const { code, said } = await migrate(given, owner)
    expect([code, said]).toEqual([2, expect.stringContaining(`${given} takes ${missing} too`)])
  }
  expect((await migrate('--owner', 'nobody', '--service', service)).said).toContain('must both be there')
})
