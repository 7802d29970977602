import { describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { DATABASE } from '../../src/config/defaults.ts'
import type { Event } from '../../src/event/event.ts'
import { toEventId } from '../../src/event/id.ts'
import type { Batch } from '../../src/event/ports/drain.ts'
import type { PruneReport, RetentionAdmin } from '../../src/event/retention.ts'
import type { Viewer } from '../../src/event/viewer.ts'
import { createOrm, type Orm } from '../../src/store/orm.ts'
import { createPruner } from '../../src/store/pruner.ts'
import { createRetentionAdmin, pruneNow } from '../../src/store/retention/admin.ts'
import { openRun } from '../../src/store/retention/run.ts'
import { advance, rollOne } from '../../src/store/rollups/roll.ts'
import { runSql } from '../../src/store/sql.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestDatabase, type DatabaseTarget, forEachDatabase } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { untilLetGo } from '../kit/let-go.ts'
import { openTestStore, PATIENT } from '../kit/store.ts'
import { waitUntil } from '../kit/wait-until.ts'

const DAY_MS = 86_400_000
const PERIODS = { eventsDays: 30, errorsDays: 90 }
const admin: Viewer = { role: 'admin', tenant_id: 'default', user_id: 'ada' }
const { seal, sealError } = createTestRefinery()

const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10)
let made = 0
/** The row as it would be of that day, each a millisecond after the one before. */
const at = <E extends Event | ReturnType<typeof sealError>>(row: E, days: number): E => {
  const ms = Date.parse(daysAgo(days)) + ++made
  return { ...row, id: toEventId(ms * 1_000), created_at: new Date(ms).toISOString() }
}

interface Store {
  readonly orm: Orm
  readonly retention: RetentionAdmin
  /** Events of a day, so many days ago. */
  put(days: number, ...drafts: object[]): Promise<void>
  /** Events as they are, in one batch. */
  write(events: readonly Event[]): Promise<void>
  putErrors(days: number, ...drafts: object[]): Promise<void>
  prune(options?: object): Promise<PruneReport>
  ask<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>
  /** What the events say in `comments`, oldest first. */
  left(log?: 'event_logs' | 'error_logs'): Promise<readonly unknown[]>
}

async function openStore(target: DatabaseTarget): Promise<Store> {
  const { writer, orm } = await openTestStore(target)
  let byte = 0
  const write = (rows: Partial<Batch>): Promise<void> => {
    const from = byte
    byte += 100
    return writer.write({ segment: 'events_2026-11-21_1-a.jsonl', from, to: byte, events: [], errors: [], ...rows })
  }
  const ask = async <Row>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> =>
    (await runSql<Row>(orm.em.fork(), text, values)).rows
  const put: Store['put'] = (days, ...drafts) =>
    write({ events: drafts.map((draft) => at(seal({ event_type: 'COMMIT', ...draft }), days)) })
  // The clock goes by the newest row at first.
  await put(0, { comments: 'now' })
  return {
    orm,
    retention: createRetentionAdmin({ orm, periods: PERIODS, seal, withOneConnection: (work) => work(orm) }),
    put,
    write: (events) => write({ events }),
    putErrors: (days, ...drafts) =>
      write({ errors: drafts.map((draft) => at(sealError({ error: 'x', ...draft }), days)) }),
    prune: (options = {}) => pruneNow(orm, { periods: PERIODS, seal, by: 'test', ...options }),
    ask,
    left: async (log = 'event_logs') => {
      const said = log === 'event_logs' ? 'comments' : 'project_id'
      const rows = await ask<{ said: string }>(
        `select ${said} as said from ${log} where ${said} is not null order by created_at, id`,
      )
      return rows.map((row) => row.said)
    },
  }
}

async function openSession(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  onTestEnd(() => client.end())
  return client
}

const partitionsOf = async ({ ask }: Store, log: string): Promise<readonly string[]> =>
  (
    await ask<{ name: string }>(
      `select c.relname as name from pg_inherits join pg_class c on c.oid = inhrelid
       where inhparent = '${log}'::regclass order by 1`,
    )
  ).map(({ name }) => name)

const toPartition = (log: string, days: number): string => `${log}_p${daysAgo(days).replaceAll('-', '')}`
const toldOf = ({ ask }: Store) =>
  ask<{ status: string; severity: string; payload: PruneReport & { rows: number; from: string } }>(
    `select status, severity, payload from event_logs where event_type = 'DATA_PRUNED' order by created_at, id`,
  )

/** A day that goes takes along what was worked out from it. */
const ROLLUPS = 'event_rollups, event_rollup_marks, event_rollup_state, event_heirs'

forEachDatabase((_label, open) => {
  test('days whose time is over are dropped, with an event that says what went; all others stay', async () => {
    const store = await openStore(await open())
    await store.put(40, { comments: 'old' }, { comments: 'old too' })
    await store.put(31, { comments: 'just over' })
    await store.put(30, { comments: 'last day' })
    await store.putErrors(91, { project_id: 'old' })
    await store.putErrors(40, { project_id: 'young' })
    const dry = await store.retention.prune(admin, { dry_run: true })
    expect(await store.left()).toEqual(['old', 'old too', 'just over', 'last day', 'now'])
    expect(await toldOf(store)).toEqual([])

    const report = await store.prune()
    expect(report).toMatchObject({
      outcome: 'done',
      reason: null,
      removed: [
        { log: 'events', day: daysAgo(40), action: 'drop', rows: 2, rows_exact: true },
        { log: 'events', day: daysAgo(31), action: 'drop', rows: 1, rows_exact: true },
        { log: 'errors', day: daysAgo(91), action: 'drop', rows: 1, rows_exact: true },
      ],
    })
    expect(report.removed.every(({ bytes }) => bytes > 8_192)).toBe(true)
    expect(dry).toMatchObject({ dry_run: true, by: 'ada', outcome: 'done', removed: report.removed })
    expect(await store.left()).toEqual(['last day', 'now'])
    expect(await store.left('error_logs')).toEqual(['young'])
    expect(await partitionsOf(store, 'event_logs')).not.toContain(toPartition('event_logs', 31))
    expect(await toldOf(store)).toEqual([
      {
        status: 'success',
        severity: 'info',
        payload: expect.objectContaining({ ...report, rows: 4, from: daysAgo(91) }),
      },
    ])
    expect(await store.prune()).toMatchObject({ outcome: 'done', removed: [] })
    expect(await toldOf(store)).toHaveLength(1)
  })

  test('a project may keep its rows longer, or less long; the other rows of the day go when theirs is over', async () => {
    const store = await openStore(await open())
    const rows = [{ project_id: 'long' }, { project_id: 'short' }, {}]
    for (const days of [101, 40, 10, 3])
      await store.put(days, ...rows.map((row) => ({ ...row, comments: `${row.project_id ?? 'none'} ${days}` })))
    await store.put(40, { comments: 'of another tenant', project_id: 'long', tenant_id: 'elsewhere' })
    await store.retention.setRule(admin, { project_id: 'long', log: 'events', days: 365 })
    await store.retention.setRule(admin, { project_id: 'long', log: 'events', days: 100 })
    await store.retention.setRule(admin, { project_id: 'short', log: 'events', days: 7 })
    await store.retention.setRule(admin, { project_id: 'none', log: 'errors', days: 7 })
    const dry = await store.retention.prune(admin, { dry_run: true })
    const { removed } = await store.prune()
    expect(removed).toEqual(dry.removed)
    expect(removed).toMatchObject([
      { day: daysAgo(101), action: 'drop', rows: 3 },
      { day: daysAgo(40), action: 'delete', rows: 3, rows_exact: true, bytes: 0 },
      { day: daysAgo(10), action: 'delete', rows: 1 },
    ])
    expect(await store.left()).toEqual(['long 40', 'long 10', 'none 10', 'long 3', 'short 3', 'none 3', 'now'])
    const [rule] = (await store.retention.state(admin)).rules
    expect(rule).toMatchObject({ project_id: 'long', log: 'events', days: 100, made_by: 'ada' })
    expect(await store.retention.removeRule({ ...admin, tenant_id: 'elsewhere' }, rule?.id ?? '')).toBe(false)
    expect(await store.retention.removeRule(admin, rule?.id ?? '')).toBe(true)
    expect((await store.prune()).removed).toMatchObject([{ day: daysAgo(40), action: 'drop', rows: 1 }])
  })

  test('what is held stays, by user, project or session, in both logs, until it is released', async () => {
    const store = await openStore(await open())
    const whose = [{ user_id: 'alice' }, { project_id: 'apollo' }, { session_id: 's1' }, { user_id: 'bob' }]
    await store.put(40, ...whose.map((row) => ({ ...row, comments: Object.values(row)[0] })))
    await store.put(40, { comments: 'of another tenant', user_id: 'alice', tenant_id: 'elsewhere' })
    await store.putErrors(100, { user_id: 'alice', project_id: 'hers' }, { user_id: 'bob', project_id: 'his' })
    const holds = []
    for (const { user_id, ...other } of whose.slice(0, 3))
      holds.push(await store.retention.hold(admin, { ...(user_id && { user_id }), ...other, reason: 'case 7' }))
    // A period that is shorter moves nothing that is held.
    await store.retention.setRule(admin, { project_id: 'apollo', log: 'events', days: 1 })
    expect((await store.prune()).removed).toMatchObject([
      { log: 'events', action: 'delete', rows: 2 },
      { log: 'errors', action: 'delete', rows: 1 },
    ])
    expect(await store.left()).toEqual(['alice', 'apollo', 's1', 'now'])
    expect(await store.left('error_logs')).toEqual(['hers'])

    const [first] = holds
    expect(first).toMatchObject({ user_id: 'alice', reason: 'case 7', made_by: 'ada', since: expect.any(String) })
    expect(await store.retention.release({ ...admin, tenant_id: 'elsewhere' }, first?.id ?? '')).toBeUndefined()
    expect(await store.retention.release(admin, first?.id ?? '')).toMatchObject({ released_by: 'ada' })
    expect((await store.prune()).removed).toMatchObject([
      { log: 'events', action: 'delete', rows: 1 },
      { log: 'errors', action: 'drop', rows: 1 },
    ])
    for (const { id } of holds) await store.retention.release(admin, id)
    expect((await store.prune()).removed).toMatchObject([{ log: 'events', action: 'drop', rows: 2 }])
    expect(await store.retention.holds(admin)).toHaveLength(3)
    expect((await store.retention.state(admin)).holds).toEqual([])
  })

  test('rows are deleted some at a time, and those that are kept are passed over', async () => {
    const store = await openStore(await open())
    await store.put(40, ...Array.from({ length: 2_500 }, (_, n) => ({ comments: String(n), user_id: `u${n % 5}` })))
    await store.retention.hold(admin, { user_id: 'u3', reason: 'case 8' })
    const run = await openRun(store.orm, { periods: PERIODS, seal, by: 'test' })
    expect(await run.next()).toBe('went on')
    expect(run.report().removed).toMatchObject([{ action: 'delete', rows: 800 }])
    while ((await run.next()) !== 'over');
    expect(run.report().removed).toMatchObject([{ action: 'delete', rows: 2_000 }])
    expect(await store.left()).toHaveLength(501)
  })

  test('a clock that jumped ahead removes nothing and says so once; an admin who looked at it goes on', async () => {
    const store = await openStore(await open())
    await store.put(40, { comments: 'old' })
    await store.ask(`insert into retention_clock (trusted_at) values (now() - interval '5 years')`)
    expect(await store.prune()).toMatchObject({
      outcome: 'stopped',
      removed: [],
      reason: expect.stringMatching(/clock/),
    })
    expect(await store.prune()).toMatchObject({ outcome: 'stopped' })
    expect(await store.retention.prune(admin, { dry_run: true })).toMatchObject({ outcome: 'stopped', removed: [] })
    expect((await store.retention.state(admin)).stopped).toMatch(/went on by more than 3 days/)
    expect(await toldOf(store)).toMatchObject([
      { status: 'failure', severity: 'warning', payload: { outcome: 'stopped' } },
    ])
    expect(await store.left()).toEqual(['old', 'now'])
    expect(await store.retention.prune(admin, { force: true })).toMatchObject({
      outcome: 'done',
      removed: [{ rows: 1 }],
    })
    expect((await store.retention.state(admin)).stopped).toBeNull()
  })

  test('a clock that jumped is believed after a week of steady looks, and at once when it comes back', async () => {
    const store = await openStore(await open())
    const set = (doubted_since: string, doubted_at: string) =>
      store.ask(
        `insert into retention_clock (trusted_at, doubted_since, doubted_at, reason)
           values (now() - interval '9 days', now() - $1::interval, now() - $2::interval, 'The clock')
         on conflict (one) do update set trusted_at = excluded.trusted_at, doubted_since = excluded.doubted_since,
           doubted_at = excluded.doubted_at`,
        [doubted_since, doubted_at],
      )
    const outcome = async () => (await store.prune()).outcome
    await set('6 days', '1 hour')
    expect(await outcome()).toBe('stopped')
    // Nobody looked for two days: it may have jumped again.
    await set('8 days', '2 days')
    expect(await outcome()).toBe('stopped')
    await set('8 days', '-1 hour')
    expect(await outcome()).toBe('stopped')
    await set('8 days', '1 hour')
    expect(await outcome()).toBe('done')
    await store.ask(`update retention_clock set trusted_at = now() + interval '5 years'`)
    expect(await outcome()).toBe('done')
    expect(await outcome()).toBe('done')
  })

  test('a database whose newest row is old is taken for one whose clock jumped', async () => {
    const store = await openStore(await open())
    await store.ask(`delete from event_logs using (select set_config('daybook.removing', 'test', true)) as opened`)
    await store.put(40, { comments: 'old' })
    expect(await store.prune()).toMatchObject({ outcome: 'stopped' })
    expect(await store.prune()).toMatchObject({ outcome: 'stopped' })
  })

  test('a process whose clock is not that of the database removes nothing', async () => {
    const store = await openStore(await open())
    await store.put(40, { comments: 'old' })
    const nowMs = () => Date.now() + 2 * 3_600_000
    expect(await store.prune({ nowMs })).toMatchObject({
      outcome: 'stopped',
      reason: expect.stringMatching(/120 minutes/),
    })
    expect(await store.left()).toEqual(['old', 'now'])
    expect(await store.prune()).toMatchObject({ outcome: 'done', removed: [{ rows: 1 }] })
  })

  test('of a run that was cut off the next one tells', async () => {
    const store = await openStore(await open())
    await store.put(41, { comments: 'old' })
    await store.put(40, { comments: 'old' })
    const run = await openRun(store.orm, { periods: PERIODS, seal, by: 'test' })
    await run.next()
    await store.ask(`update retention_prunes set touched_at = now() - interval '1 hour'`)
    await store.prune()
    const told = (await toldOf(store)).map(({ status, payload: { removed } }) => [
      status,
      removed.map(({ day }) => day),
    ])
    expect(told).toEqual([
      ['failure', [daysAgo(41)]],
      ['success', [daysAgo(40)]],
    ])
  })

  test('events with times far off share a batch with others, and make no partition of their own', async () => {
    const store = await openStore(await open())
    const before = await partitionsOf(store, 'event_logs')
    const times = ['1970-01-01T00:00:00Z', '9999-12-31T23:59:59Z', 'no time', Number.MAX_SAFE_INTEGER, -1, Number.NaN]
    await store.write(times.map((created_at) => seal({ event_type: 'COMMIT', comments: 'far off', created_at })))
    expect(await store.left()).toHaveLength(times.length + 1)
    expect(await partitionsOf(store, 'event_logs')).toEqual(before)
  })

  test('in the drain each turn is short, and what is due is gone after some of them', async () => {
    const store = await openStore(await open())
    for (const days of [40, 41, 42]) await store.put(days, { comments: 'old' })
    const reports: PruneReport[] = []
    const prune = createPruner(store.orm, PERIODS, { seal, onReport: (report) => reports.push(report) })
    while (reports.length === 0) await prune()
    expect(reports).toMatchObject([{ outcome: 'done', by: 'schedule', removed: [{}, {}, {}] }])
    expect(await store.left()).toEqual(['now'])
    await store.put(43, { comments: 'old' })
    await prune()
    expect(await store.left()).toEqual(['old', 'now'])
  })

  test('in the drain a day with rows that are kept is looked through once, and again when a hold is released', async () => {
    const store = await openStore(await open())
    await store.put(40, { comments: 'a', user_id: 'a' }, { comments: 'b', session_id: 'b' }, { comments: 'over' })
    const { id } = await store.retention.hold(admin, { user_id: 'a', reason: 'case 7' })
    await store.retention.hold(admin, { session_id: 'b', reason: 'case 8' })
    let hours = 0
    let runs = 0
    const options = { seal, elapsedMs: () => hours * 3_600_000, onReport: () => void runs++ }
    const prune = createPruner(store.orm, PERIODS, options)
    const nextHour = async (): Promise<readonly unknown[]> => {
      hours++
      for (const before = runs; runs === before; ) await prune()
      return store.left()
    }
    expect(await nextHour()).toEqual(['a', 'b', 'now'])
    await store.put(40, { comments: 'late' })
    expect(await nextHour()).toEqual(['a', 'b', 'late', 'now'])
    await store.retention.release(admin, id)
    expect(await nextHour()).toEqual(['b', 'now'])
  })
})

describe('a fleet on one server', () => {
  const connect = (url: string): Orm => {
    const orm = createOrm({ kind: 'server', url, ...DATABASE, ...PATIENT, connections: 1 })
    onTestEnd(() => orm.close(true))
    return orm
  }

  test('of three that prune at once one does, and the next leads when its connection ends', async () => {
    const { url } = await createTestDatabase('db', 'own')
    const store = await openStore({ kind: 'postgres', url })
    await store.put(41, { comments: 'old' })
    await store.put(40, { comments: 'old' })
    const fleet = [1, 2, 3].map(() => connect(url))
    const options = { periods: PERIODS, seal, by: 'test' }
    const runs = await Promise.all(fleet.map((orm) => openRun(orm, options)))
    const leaders = runs.filter((run) => run.report().outcome !== 'busy')
    expect(leaders).toHaveLength(1)
    const [leader] = leaders
    expect(await leader?.next()).toBe('went on')
    const [loser] = fleet.filter((_, n) => runs[n] !== leader)
    if (!loser) throw new Error('no one left')
    expect(await pruneNow(loser, options)).toMatchObject({ outcome: 'busy', removed: [] })
    await store.ask(`select pg_terminate_backend(pid, 30000) from pg_locks
      where locktype = 'advisory' and pid <> pg_backend_pid() and granted
        and database = (select oid from pg_database where datname = current_database())`)
    expect(await pruneNow(loser, options)).toMatchObject({ outcome: 'done', removed: [{ day: daysAgo(40) }] })
    expect(await store.left()).toEqual(['now'])
  })

  test('a day that somebody reads stays, writers hardly wait for that, and a later turn drops it', async () => {
    const { url } = await createTestDatabase('db', 'own')
    const store = await openStore({ kind: 'postgres', url })
    await store.put(40, { comments: 'old' })
    const reader = await openSession(url)
    await reader.query('begin')
    await reader.query('select count(*) from event_logs')
    const writer = await openSession(url)
    let elapsedMs = 0
    const run = await openRun(connect(url), { periods: PERIODS, seal, by: 'test', elapsedMs: () => elapsedMs })

    let isOver = false
    let written = 0
    const writing = (async () => {
      while (!isOver) {
        await writer.query(`insert into event_logs select (jsonb_populate_record(e,
          jsonb_build_object('id', gen_random_uuid(), 'created_at', now(), 'comments', null))).* from event_logs e
          where comments = 'now' limit 1`)
        written++
      }
    })()
    expect(await run.next()).toBe('went on')
    const before = written
    await waitUntil(() => written > before, { what: 'a writer to go on' })
    isOver = true
    await writing
    expect(run.report().removed).toEqual([])
    expect(await run.next()).toBe('wait')

    await reader.query('commit')
    elapsedMs += 60_000
    expect([await run.next(), await run.next()]).toEqual(['went on', 'over'])
    expect(run.report()).toMatchObject({ outcome: 'done', removed: [{ day: daysAgo(40) }] })
  })

  test('hours are not counted while a day waits to be dropped, which readers in a row would keep for ever', async () => {
    const { url } = await createTestDatabase('db', 'own')
    const store = await openStore({ kind: 'postgres', url })
    await store.put(40, { comments: 'old' })
    const other = connect(url)
    await untilLetGo(other.em.fork())
    expect(await advance(other)).toBe('over')
    const reader = await openSession(url)
    await reader.query('begin')
    await reader.query('select count(*) from event_logs')
    const run = await openRun(connect(url), { periods: PERIODS, seal, by: 'test' })
    expect(await rollOne(other)).toBe('went on')
    await run.next()
    // A batch of spans does not wait for it.
    await store.put(0, { trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) })
    expect(await rollOne(other)).toBe('busy')
    await reader.query('commit')
    await waitUntil(async () => (await run.next()) === 'over', { what: 'the run to end' })
    expect(run.report()).toMatchObject({ outcome: 'done', removed: [{ day: daysAgo(40) }] })
    expect(await rollOne(other)).toBe('went on')
  })

  test('a server that writes dates in its own way has its days dropped, and told in ISO 8601', async () => {
    const { url } = await createTestDatabase('db', 'own')
    const owner = await openSession(url)
    await owner.query(`alter database "${new URL(url).pathname.slice(1)}" set datestyle to 'German, DMY'`)
    const store = await openStore({ kind: 'postgres', url })
    await store.put(40, { comments: 'old' })
    expect(await store.prune()).toMatchObject({ outcome: 'done', removed: [{ day: daysAgo(40) }] })
    expect((await store.retention.state(admin)).partitions).toContainEqual(expect.objectContaining({ day: daysAgo(0) }))
  })

  test('a lock that stays ends the run as failed, with an event that names the day', async () => {
    const { url } = await createTestDatabase('db', 'own')
    const store = await openStore({ kind: 'postgres', url })
    await store.put(40, { comments: 'old' })
    const reader = await openSession(url)
    await reader.query('begin')
    await reader.query('select count(*) from event_logs')
    const orm = connect(url)
    expect(await pruneNow(orm, { periods: PERIODS, seal, by: 'test' })).toMatchObject({
      outcome: 'failed',
      removed: [],
      postponed: [{ log: 'events', day: daysAgo(40), reason: expect.stringMatching(/lock timeout/) }],
    })
    expect(await toldOf(store)).toMatchObject([{ status: 'failure', severity: 'warning' }])
  })

  test('a hold that comes while a run is under way is obeyed', async () => {
    const { url } = await createTestDatabase('db', 'own')
    const store = await openStore({ kind: 'postgres', url })
    await store.put(41, { comments: 'held', user_id: 'alice' }, { comments: 'old' })
    const run = await openRun(connect(url), { periods: PERIODS, seal, by: 'test' })
    await store.retention.hold(admin, { user_id: 'alice', reason: 'case 9' })
    await waitUntil(async () => (await run.next()) === 'over', { what: 'the run to end' })
    expect(run.report()).toMatchObject({ outcome: 'done', removed: [{ action: 'delete', rows: 1 }] })
    expect(await store.left()).toEqual(['held', 'now'])
  })

  test('a role that owns nothing prunes with the functions it was granted, and can remove in no other way', async () => {
    const { url } = await createTestDatabase('db', 'own')
    const store = await openStore({ kind: 'postgres', url })
    await store.put(41, { comments: 'old' })
    await store.put(40, { comments: 'old' }, { comments: 'held', user_id: 'alice' })
    await store.retention.hold(admin, { user_id: 'alice', reason: 'case 9' })
    const role = `service_${new URL(url).pathname.slice(-8)}`
    const owner = await openSession(url)
    await owner.query(`create role ${role} login password 'service'`)
    onTestEnd(async () => {
      await owner.query(`drop owned by ${role}`)
      await owner.query(`drop role ${role}`)
    })
    await owner.query(`grant select, insert on event_logs, error_logs to ${role}`)
    await owner.query(
      `grant select, insert, update, delete on retention_prunes, retention_clock, ${ROLLUPS} to ${role}`,
    )
    await owner.query(`grant select on retention_rules, legal_holds to ${role}`)
    const theirs = connect(Object.assign(new URL(url), { username: role, password: 'service' }).href)
    const options = { periods: PERIODS, seal, by: 'test' }
    await expect(pruneNow(theirs, options)).rejects.toMatchObject({
      message: expect.stringMatching(/permission denied/),
    })
    for (const name of ['make_partition', 'partition_age', 'has_kept', 'count_due', 'drop_partition', 'prune_rows'])
      await owner.query(`grant execute on function daybook_${name} to ${role}`)
    expect(await pruneNow(theirs, options)).toMatchObject({
      outcome: 'done',
      removed: [
        { day: daysAgo(41), action: 'drop' },
        { day: daysAgo(40), action: 'delete' },
      ],
    })
    expect(await store.left()).toEqual(['held', 'now'])
    await expect(runSql(theirs.em.fork(), 'delete from event_logs')).rejects.toMatchObject({ code: '42501' })
    const early = `select daybook_drop_partition('event_logs', current_date, 30) as outcome`
    expect((await runSql(theirs.em.fork(), early)).rows).toEqual([{ outcome: 'early' }])
  })
})
