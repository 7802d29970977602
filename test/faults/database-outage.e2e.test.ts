/** The server stops, freezes, crashes, drops its clients: the app's users notice nothing, and each event is stored once. */
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from '@jest/globals'
import { createTestFolder } from '../kit/folder.ts'
import { createOwnPostgres, type OwnPostgres } from '../kit/own-postgres.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { type App, startApp } from './database-app.ts'
import { createOracle, EXACT, isLong, type Oracle } from './database-oracle.ts'
import { unaccounted } from './kit/oracle.ts'

const STOPPED_MS = isLong ? 60_000 : 5_000
const FROZEN_MS = isLong ? 60_000 : 6_000
const CRASHES = isLong ? 50 : 3
const KILLS = isLong ? 200 : 3
const TIME_LIMIT = isLong ? 3_600_000 : 600_000

let postgres: OwnPostgres
let oracle: Oracle
beforeAll(async () => {
  postgres = await createOwnPostgres()
  await postgres.start()
  oracle = createOracle(postgres.url)
  await startOver()
})

/** Each test has a database of its own. */
async function startOver(): Promise<void> {
  await oracle.sql('drop schema public cascade')
  await oracle.sql('create schema public')
}

async function startStored(): Promise<App> {
  await startOver()
  const app = await startApp(createTestFolder(), postgres.url)
  await app.log('first')
  await app.untilStored()
  return app
}

/** All requests are answered: where the database is still away, none can have waited for it. */
async function expectServed(load: ReturnType<App['load']>): Promise<void> {
  const { requests, failed } = await load.stop()
  expect(failed).toBe(0)
  expect(requests).toBeGreaterThan(20)
}

/** All that was acknowledged is stored once, and the sums are right. */
async function expectExact(app: App): Promise<void> {
  await app.untilStored()
  expect(await oracle.judge(app.acknowledged, 'entity_id')).toEqual(EXACT)
  const stats = await app.stats()
  const { drain } = stats
  expect(unaccounted(stats)).toBe(0)
  expect(await oracle.count()).toBe(drain.stored)
  const ready = await app.api('/readyz')
  expect({ status: ready.status, ...((await ready.json()) as object) }).toMatchObject({
    status: 'ready',
    figures: { stored: drain.stored, quarantined: 0, shed: 0, waiting_bytes: 0 },
  })
  // No thread died of it, and nothing was said that only a crash says.
  expect(app.child.stderr()).not.toMatch(/failed|unhandled|hung/i)
}

test(
  `with the server stopped for ${STOPPED_MS} ms no request waits or fails, and all events are stored afterwards`,
  async () => {
    const app = await startStored()
    const load = app.load()
    await sleep(500)
    await postgres.stop('fast')
    await sleep(STOPPED_MS)
    const { drain, waiting } = await app.stats()
    expect(drain).toMatchObject({ state: 'waiting', reason: expect.stringMatching(/ECONNREFUSED/) })
    expect(waiting).toBeGreaterThan(100)
    await expectServed(load)
    const later = app.load()
    await postgres.start()
    await sleep(500)
    await expectServed(later)
    await expectExact(app)
  },
  TIME_LIMIT,
)

test(
  `with the server frozen for ${FROZEN_MS} ms no request waits, the API answers 503 in time, and all is stored afterwards`,
  async () => {
    const app = await startStored()
    expect((await app.api('/events')).status).toBe(200)
    const load = app.load()
    await sleep(300)
    postgres.signal('SIGSTOP')
    expect((await app.api('/readyz')).status).toBe(503)
    // In the short form the server comes back before this has given up.
    const events = app.api('/events')
    await sleep(FROZEN_MS)
    expect((await app.stats()).waiting).toBeGreaterThan(100)
    if (isLong) expect((await events).status).toBe(503)
    await expectServed(load)
    const later = app.load()
    postgres.signal('SIGCONT')
    expect([200, 503]).toContain((await events).status)
    await sleep(500)
    await expectServed(later)
    await expectExact(app)
    expect((await app.api('/events')).status).toBe(200)
  },
  TIME_LIMIT,
)

test(
  `a server that crashes ${CRASHES} times in the middle of transactions has each event once`,
  async () => {
    const app = await startStored()
    const load = app.load()
    await slowTransactions()
    let open = 0
    for (let crash = 0; crash < CRASHES; crash++) {
      open += (await untilInTransaction()).length
      await postgres.stop('immediate')
      await postgres.start()
      await sleep(200)
    }
    expect(open).toBe(CRASHES)
    await oracle.sql('drop trigger wait_a_bit on spool_cursors')
    await expectServed(load)
    await expectExact(app)
  },
  TIME_LIMIT,
)

test(
  `a backend that is killed with -9 ${KILLS} times in its transaction takes the others with it, and each event is stored once`,
  async () => {
    const app = await startStored()
    const load = app.load()
    await slowTransactions()
    for (let kill = 0; kill < KILLS; kill++) {
      const [pid] = await untilInTransaction()
      if (pid) process.kill(pid, 'SIGKILL')
      // The server ends all sessions, and is back by itself.
      await waitUntil(async () => !(await findTransactions()).includes(pid ?? 0), { what: 'the server to be back' })
    }
    await waitUntil(() => oracle.sql('drop trigger wait_a_bit on spool_cursors'), { what: 'the trigger to go' })
    await expectServed(load)
    await expectExact(app)
  },
  TIME_LIMIT,
)

/** The cursor's row is locked and then the transaction sleeps: whatever comes finds it open. */
async function slowTransactions(): Promise<void> {
  await oracle.sql(`create function wait_a_bit() returns trigger language plpgsql as
    $$ begin perform pg_sleep(0.2); return new; end $$`)
  await oracle.sql(`create trigger wait_a_bit before insert or update on spool_cursors
    for each row execute function wait_a_bit()`)
}

/** Process ids of backends. */
async function findTransactions(): Promise<number[]> {
  const rows = await oracle.sql(`select pid from pg_stat_activity
    where application_name = 'daybook' and xact_start is not null and query ilike '%spool_cursors%'`)
  return rows.map(({ pid }) => Number(pid))
}

const untilInTransaction = (): Promise<number[]> =>
  waitUntil(
    async () => {
      const pids = await findTransactions()
      return pids.length > 0 && pids
    },
    { what: 'a transaction of Daybook', intervalMs: 5 },
  )

test(
  'connections that the server ends, idle ones and busy ones, crash nothing and lose nothing',
  async () => {
    const app = await startStored()
    const end = async () =>
      (await oracle.sql(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'daybook'`))
        .length
    let ended = 0
    for (let round = 0; round < 5; round++) {
      // Idle: the writer's and those of the API.
      await Promise.all([app.api('/events'), app.api('/events'), app.api('/events')])
      ended += await end()
      await sleep(50)
      expect((await app.stats()).spool.shed).toBe(0)
      const load = app.load()
      const busy = Promise.all([app.api('/events'), app.api('/events')])
      ended += await end()
      await busy
      ended += await end()
      expect((await load.stop()).failed).toBe(0)
    }
    expect(ended).toBeGreaterThan(10)
    await expectExact(app)
    expect((await app.api('/events')).status).toBe(200)
  },
  TIME_LIMIT,
)
