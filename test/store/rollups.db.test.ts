/** Statistics out of hours that were counted before: whatever comes, goes and is asked for, they tell what the rows tell. */
import { expect, test } from '@jest/globals'
import pg from 'pg'
import type { Draft } from '../../src/event/event.ts'
import type { EventStats, Spread } from '../../src/event/figures.ts'
import { createEventRepository, EVENTS } from '../../src/store/event-repository.ts'
import type { Orm } from '../../src/store/orm.ts'
import { openRun } from '../../src/store/retention/run.ts'
import { rollDay } from '../../src/store/rollups/days.ts'
import { advance, rollOne } from '../../src/store/rollups/roll.ts'
import { createRoller, rebuildRollups } from '../../src/store/rollups/roller.ts'
import { runSql } from '../../src/store/sql.ts'
import { findStats } from '../../src/store/stats.ts'
import { findTimeline } from '../../src/store/timeline.ts'
import { createRandom, type Random } from '../campaign/random.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { forEachDatabase } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { openTestStore } from '../kit/store.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { openAskStore } from './ask-store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const HOURS = 20
/** Midnight, three days ago. */
const STARTS_MS = Math.floor(Date.now() / DAY_MS - 3) * DAY_MS
const ADMIN = { role: 'admin', tenant_id: 'default' } as const
const SCOPE = { tenant_id: 'default' }
const EXACT = ['total', 'by_type', 'by_status', 'by_category', 'by_agent', 'by_tool', 'by_route', 'by_country'] as const

const toTime = (ms: number): string => new Date(ms).toISOString()
const pick = <T>(random: Random, of: readonly T[]): T => of[random.between(0, of.length - 1)] as T

const toDraft = (random: Random, round: number): Draft => ({
  event_type: pick(random, ['COMMIT', 'TOOL_REQUEST', 'API_REQUEST', '__proto__']),
  status: pick(random, ['success', 'failure', 'in_progress']),
  created_at: toTime(STARTS_MS + random.next() * HOURS * HOUR_MS),
  session_id: `session-${round}-${random.between(0, 30)}`,
  tenant_id: random.chance(0.1) ? 'acme' : 'default',
  ...(random.chance(0.9) && { user_id: `user-${Math.floor(random.next() ** 2 * 400)}` }),
  ...(random.chance(0.5) && { agent_id: `agent-${random.between(0, 9)}`, tool_name: pick(random, ['a', 'b']) }),
  ...(random.chance(0.7) && { route: pick(random, ['/a', '/:id', '__proto__']), country: pick(random, ['DE', 'NZ']) }),
  ...(random.chance(0.8) && { duration_ms: random.chance(0.05) ? 0 : Math.exp(random.next() * 15 - 3) }),
})

const toRange = (random: Random) => {
  const at = (): number => STARTS_MS + random.between(-5 * HOUR_MS, (HOURS + 9) * HOUR_MS)
  const [from, to] = [at(), at()].sort((a, b) => a - b) as [number, number]
  const whole = (ms: number): number => (random.chance(0.5) ? Math.floor(ms / HOUR_MS) * HOUR_MS : ms)
  return { start_time: toTime(whole(from)), end_time: toTime(whole(to)) }
}

function expectNear(told: Spread, truth: Spread, share: number): void {
  for (const name of ['p50', 'p95', 'p99'] as const) {
    const [is, was] = [told[name] ?? -1, truth[name] ?? -1]
    expect(Math.abs(is - was)).toBeLessThanOrEqual(Math.abs(was) * share + 1e-9)
  }
  expect(told.average ?? -1).toBeCloseTo(truth.average ?? -1, 6)
}

function expectWithin(told: EventStats, rows: Omit<EventStats, 'range' | 'precision'>): void {
  for (const name of EXACT) expect([name, told[name]]).toEqual([name, rows[name]])
  const { duration_ms, unique_users, lacking } = told.precision
  expectNear(told.duration_ms, rows.duration_ms, duration_ms)
  const { duration_ms_by_route } = told
  expect(Object.keys(duration_ms_by_route).sort()).toEqual(Object.keys(rows.duration_ms_by_route).sort())
  for (const [route, spread] of Object.entries(rows.duration_ms_by_route))
    expectNear(duration_ms_by_route[route] as Spread, spread, told.precision.duration_ms_by_route)
  expect(Math.abs(told.unique_users - rows.unique_users)).toBeLessThanOrEqual(rows.unique_users * unique_users)
  for (const [user, events] of Object.entries(told.by_user)) {
    const is = rows.by_user[user]
    if (is === undefined) continue
    expect(events).toBeLessThanOrEqual(is)
    expect(events).toBeGreaterThanOrEqual(is - (lacking.by_user ?? 0))
  }
}

/** Gives whether rollups were asked. */
async function compare(orm: Orm, range: { start_time: string; end_time: string }): Promise<boolean> {
  const events = createEventRepository(orm)
  const asked = { ...range, filters: {} }
  const told = await events.stats(ADMIN, asked)
  expectWithin(told, await findStats(orm.em.fork(), EVENTS, SCOPE, asked))
  for (const timeline of [
    { interval: 'hour', by: 'status' },
    { interval: 'day', tz: 'Asia/Tokyo' },
    { tz: 'Asia/Kolkata' },
  ] as const) {
    const { precision: _, ...is } = await events.timeline(ADMIN, asked, timeline)
    const { precision: __, ...rows } = await findTimeline(orm.em.fork(), EVENTS, {
      scope: SCOPE,
      selection: asked,
      timeline,
    })
    expect(is).toEqual(rows)
  }
  return told.precision.is_approximate
}

async function rollAll(orm: Orm): Promise<void> {
  while ((await advance(orm)) === 'went on');
  await rollMarked(orm)
}

async function rollMarked(orm: Orm): Promise<void> {
  while ((await rollOne(orm)) === 'went on');
  while ((await rollDay(orm)) === 'went on');
}

/** The horizon waits for each transaction of the server, also for those of other tests. */
const advancePast = (orm: Orm) =>
  waitUntil(
    async () => {
      while ((await advance(orm)) === 'went on');
      const { rows } = await runSql<{ is_past: boolean }>(
        orm.em.fork(),
        'select not exists (select from event_logs, event_rollup_state where tx_id >= horizon) as is_past',
      )
      return rows[0]?.is_past
    },
    { what: 'the horizon to pass all rows' },
  )

async function rollPast(orm: Orm): Promise<void> {
  await advancePast(orm)
  await rollMarked(orm)
}

const WHOLE = { start_time: toTime(STARTS_MS), end_time: toTime(STARTS_MS + HOURS * HOUR_MS) }

forEachDatabase((label, open) => {
  test('any range tells what its rows tell, while rows come late, are deleted and change', async () => {
    const random = createRandom(8, label.length)
    const { orm, store } = await openAskStore(await open())
    await rollPast(orm)
    let approximate = 0
    for (let round = 0; round < 5; round++) {
      await store(...Array.from({ length: 400 }, () => toDraft(random, round)))
      if (random.chance(0.7)) await advancePast(orm)
      for (let steps = random.between(0, 30); steps > 0; steps--) await rollOne(orm)
      if (random.chance(0.7)) await rollDay(orm)
      const session = `session-${random.between(0, round)}-${random.between(0, 30)}`
      await runSql(orm.em.fork(), 'delete from chat_sessions where id = $1', [session])
      await runSql(orm.em.fork(), 'delete from users where id = $1', [`user-${random.between(0, 40)}`])
      for (let asked = 0; asked < 6; asked++) if (await compare(orm, toRange(random))) approximate++
    }
    await rollPast(orm)
    expect(await compare(orm, WHOLE)).toBe(true)
    expect(approximate).toBeGreaterThan(5)
  })

  test('hours that were counted are not read again, and the answer says how far off it may be', async () => {
    const { orm, store, get } = await openAskStore(await open())
    await store(
      ...Array.from({ length: 120 }, (_, n) => ({
        ...{ event_type: 'COMMIT', user_id: `user-${n}`, created_at: toTime(STARTS_MS + n) },
        ...{ route: `/${n % 60}`, duration_ms: 2 },
      })),
    )
    const span = `start_time=${WHOLE.start_time}&end_time=${WHOLE.end_time}`
    const before = (await get(`/events/stats?${span}`).expect(200)).body
    expect(before.precision).toMatchObject({ is_approximate: false, duration_ms: 0, unique_users: 0, lacking: {} })
    await createRoller(orm)()
    await rollPast(orm)
    // What rollups say is what is told.
    await runSql(orm.em.fork(), 'update event_rollups set total = total + 1000')
    const { body } = await get(`/events/stats?${span}`).expect(200)
    expect(body.total).toBe(1_120)
    expect(body.precision).toMatchObject({
      ...{
        is_approximate: true,
        duration_ms: 0.01,
        unique_users: 0.05,
        lacking: { by_user: 1, duration_ms_by_route: 2 },
      },
    })
    expect(Date.now() - Date.parse(body.precision.fresh_to)).toBeLessThan(60_000)
    const timeline = (await get(`/events/timeline?${span}&interval=hour`).expect(200)).body
    expect(timeline.buckets[0].total).toBe(1_120)
    // A user's own statistics are those of their rows, and so is what a filter asks for.
    expect((await get(`/events/stats?${span}`, 'alice').expect(200)).body).toMatchObject({
      ...{ total: 0, precision: { is_approximate: false } },
    })
    expect((await get(`/events/stats?${span}&event_type=COMMIT`).expect(200)).body.total).toBe(120)
    await rebuildRollups(orm)
    expect((await get(`/events/stats?${span}`).expect(200)).body.total).toBe(120)
  })

  test('a zone that is an offset has the parts of one that is named, of rows and of rollups', async () => {
    const { orm, store, get } = await openAskStore(await open())
    await store(
      ...Array.from({ length: 40 }, (_, n) => ({
        event_type: 'COMMIT',
        created_at: toTime(STARTS_MS + DAY_MS + n * HOUR_MS),
      })),
    )
    const date = toTime(STARTS_MS + DAY_MS).slice(0, 10)
    const ask = async (tz: string, query: string) =>
      (await get(`/events/timeline?tz=${encodeURIComponent(tz)}&${query}`).expect(200)).body.buckets
    const compareZones = async () => {
      for (const [offset, zone] of [
        ['-05:00', 'America/Bogota'],
        ['IST', 'Asia/Kolkata'],
        ['+05:30', 'Asia/Kolkata'],
        ['+0900', 'Asia/Tokyo'],
        ['-00:00', 'UTC'],
      ] as const)
        for (const query of [`date=${date}`, `start_time=${toTime(STARTS_MS)}&interval=day`]) {
          const named = await ask(zone, query)
          expect(named.some(({ total }: { total: number }) => total > 0)).toBe(true)
          expect([offset, await ask(offset, query)]).toEqual([offset, named])
        }
    }
    await compareZones()
    await createRoller(orm)()
    await rollPast(orm)
    await compareZones()
  })

  test('clocks that are set by half an hour lose no event of hours, of rows and of rollups', async () => {
    const { orm, writer } = await openTestStore(await open())
    const { seal } = createTestRefinery({ maxAgeMs: Number.POSITIVE_INFINITY })
    // In the night to the 5th of April, at 15:00 of UTC.
    const times = ['14:10', '15:10', '15:40', '16:20', '17:00'].map((time) => `2026-04-04T${time}:00Z`)
    const events = times.map((created_at) => seal({ event_type: 'COMMIT', created_at }))
    await writer.write({ segment: 'events_2026-04-04-a.jsonl', from: 0, to: 1, events, errors: [] })
    const asked = { start_time: '2026-04-04T13:00:00Z', end_time: '2026-04-04T18:00:00Z', filters: {} }
    const count = async () => {
      const zone = { interval: 'hour', tz: 'Australia/Lord_Howe' } as const
      const { buckets } = await createEventRepository(orm).timeline(ADMIN, asked, zone)
      return buckets.map(({ start_time, total }) => [start_time.slice(11, 16), total])
    }
    const hours = Object.entries({ '13:00': 0, '14:00': 1, '15:00': 2, '16:00': 1, '17:00': 1 })
    expect(await count()).toEqual(hours)
    await rollPast(orm)
    await runSql(orm.em.fork(), 'update event_rollups set total = total + 1')
    expect(await count()).toEqual(hours.map(([hour, total]) => [hour, total && total + 1]))
  })

  test('a day that begins twice is told, also where the time ends before it begins again', async () => {
    const { orm, writer } = await openTestStore(await open())
    const { seal } = createTestRefinery({ maxAgeMs: Number.POSITIVE_INFINITY })
    // In Havana the 1st of November has its first hour twice, from 04:00 and from 05:00 of UTC.
    const times = ['2026-10-31T12:00:00Z', '2026-11-01T04:10:00Z', '2026-11-01T05:10:00Z']
    const events = times.map((created_at) => seal({ event_type: 'COMMIT', created_at }))
    await writer.write({ segment: 'events_2026-11-01-a.jsonl', from: 0, to: 1, events, errors: [] })
    const count = async (end_time: string) => {
      const asked = { start_time: '2026-10-31T10:00:00Z', end_time, filters: {} }
      const zone = { interval: 'day', tz: 'America/Havana' } as const
      return (await createEventRepository(orm).timeline(ADMIN, asked, zone)).buckets.map(({ total }) => total)
    }
    const days = () => Promise.all(['04:00:00', '04:30:00', '06:00:00'].map((time) => count(`2026-11-01T${time}Z`)))
    expect(await days()).toEqual([[1], [1, 1], [1, 2]])
    await rollPast(orm)
    expect(await days()).toEqual([[1], [1, 1], [1, 2]])
  })

  test('a day that is over is one rollup, until something of it changes', async () => {
    const { orm, store, get } = await openAskStore(await open())
    const at = (hour: number) => ({ event_type: 'COMMIT', created_at: toTime(STARTS_MS + hour * HOUR_MS) })
    await store(at(0), at(5), at(23))
    await rollPast(orm)
    await runSql(
      orm.em.fork(),
      `update event_rollups set total = 1003, counts = '{"event_type":{"COMMIT":1003}}' where hours = 24`,
    )
    const events = createEventRepository(orm)
    const count = async (from: number, to: number) => {
      const range = { start_time: toTime(STARTS_MS + from * HOUR_MS), end_time: toTime(STARTS_MS + to * HOUR_MS) }
      const { buckets } = await events.timeline(ADMIN, { ...range, filters: {} }, { interval: 'day' })
      const { total } = await events.stats(ADMIN, { ...range, filters: {} })
      return [total, buckets.reduce((sum, bucket) => sum + bucket.total, 0)]
    }
    const commits = async () => (await get('/events/types').expect(200)).body.types[0].count
    expect(await commits()).toBe(1_003)
    expect((await events.types({ ...ADMIN, role: 'user', user_id: 'alice' })).size).toBe(0)
    expect(await count(-7, 30)).toEqual([1_003, 1_003])
    expect(await count(0, 24)).toEqual([1_003, 1_003])
    expect(await count(0, 23)).toEqual([2, 2])
    await store(at(5))
    expect([...(await count(0, 24)), await commits()]).toEqual([1_004, 1_004, 1_004])
    await advancePast(orm)
    expect([...(await count(0, 24)), await commits()]).toEqual([4, 4, 4])
    await rollPast(orm)
    expect(await count(0, 24)).toEqual([4, 4])
  })

  test('with a day of events goes what was counted of it', async () => {
    const { orm, store } = await openAskStore(await open())
    const old = STARTS_MS - 5 * DAY_MS
    await store({ event_type: 'COMMIT', created_at: toTime(old) }, { event_type: 'COMMIT' })
    await rollPast(orm)
    const range = { start_time: toTime(old), end_time: toTime(old + DAY_MS), filters: {} }
    const count = async () => (await createEventRepository(orm).stats(ADMIN, range)).total
    expect(await count()).toBe(1)
    const run = await openRun(orm, { periods: { eventsDays: 6, errorsDays: 6 }, by: 'test' })
    while ((await run.next()) !== 'over');
    expect(run.report().removed).toMatchObject([{ log: 'events', action: 'drop' }])
    expect(await count()).toBe(0)
  })

  test('rollups that came with a copy of another database are made anew', async () => {
    const { orm, store } = await openAskStore(await open())
    await store({ event_type: 'COMMIT', created_at: WHOLE.start_time })
    await rollPast(orm)
    await runSql(orm.em.fork(), `update event_rollup_state set horizon = '900000000000'`)
    await runSql(orm.em.fork(), 'update event_rollups set total = 77')
    await compare(orm, WHOLE)
    await rollPast(orm)
    expect(await compare(orm, WHOLE)).toBe(true)
  })
})

forEachDatabase((label, open) => {
  if (label !== 'Postgres') return
  test('a row of a transaction that ends late is counted, and none twice', async () => {
    const target = await open()
    const { orm, store } = await openAskStore(target)
    await store({ event_type: 'COMMIT', created_at: WHOLE.start_time })
    const client = new pg.Client({ connectionString: target.kind === 'postgres' ? target.url : '' })
    await client.connect()
    onTestEnd(() => client.end())
    await client.query('begin')
    await client.query(
      `insert into event_logs (id, created_at, event_type, category, status, severity, actor_type, tenant_id)
       values (gen_random_uuid(), $1, 'PUSH', 'configuration', 'success', 'info', 'user', 'default')`,
      [WHOLE.start_time],
    )
    await store({ event_type: 'COMMIT', created_at: WHOLE.start_time })
    const events = createEventRepository(orm)
    const totals = async () => (await events.stats(ADMIN, { ...WHOLE, filters: {} })).by_type
    await rollAll(orm)
    expect(await totals()).toEqual({ COMMIT: 2 })
    await client.query('commit')
    expect(await totals()).toEqual({ COMMIT: 2, PUSH: 1 })
    await rollAll(orm)
    expect(await totals()).toEqual({ COMMIT: 2, PUSH: 1 })
    // Two at once: neither waits for the other, nor takes from it.
    await client.query('begin')
    await client.query(`select set_config('daybook.removing', 'erasure', true)`)
    await client.query(`delete from event_logs where event_type = 'PUSH'`)
    await rollAll(orm)
    expect(await totals()).toEqual({ COMMIT: 2, PUSH: 1 })
    await client.query('commit')
    expect(await totals()).toEqual({ COMMIT: 2 })
  })
})
