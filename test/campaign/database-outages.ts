/** What is done to the database while the app is under load: stopped, frozen, crashed in the middle of transactions. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Health } from '../../src/event/ports/health.ts'
import type { OwnPostgres } from '../kit/own-postgres.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { type ApiAnswers, startApiProbe } from './api-probe.ts'
import { getJson } from './pipeline-load.ts'
import { connect } from './pipeline-rows.ts'
import type { RequestTimes, Times } from './request-times.ts'

export interface Scene {
  readonly postgres: OwnPostgres
  /** Where the app answers. */
  readonly url: string
  readonly adminKey: string
  readonly times: RequestTimes
  readonly say: (line: string) => void
}

export interface Outage extends Times {
  readonly away_s: number
  /** Events that waited on disk at the end of it. */
  readonly waited: number
  /** Until they were stored, under load all the while. */
  readonly caught_up_s: number
  readonly api: ApiAnswers
}

export interface Crashes extends Times {
  readonly crashes: number
  /** Crashes that found a transaction with rows in it. */
  readonly in_transaction: number
}

export const getStats = (url: string): Promise<Health> => getJson<Health>(`${url}/stats`)

const CAUGHT_UP_MS = 300_000

/** The server is away for a while, and comes back. */
export async function runOutage(scene: Scene, seconds: number, how: 'stopped' | 'frozen'): Promise<Outage> {
  const { postgres, url, adminKey, times, say } = scene
  times.take()
  if (how === 'stopped') await postgres.stop('fast')
  else postgres.signal('SIGSTOP')
  const probe = startApiProbe(url, adminKey)
  await sleep(seconds * 1_000)
  const { waiting } = await getStats(url)
  const during = times.take()
  const asked = probe.stop()
  // Not sooner: who asks when the database is back gets more than a refusal.
  if (how === 'stopped') await asked
  const began = performance.now()
  if (how === 'stopped') await postgres.start()
  else postgres.signal('SIGCONT')
  await untilCaughtUp(url)
  const caughtUpS = Math.round((performance.now() - began) / 100) / 10
  const outage = { ...during, away_s: seconds, waited: waiting ?? 0, caught_up_s: caughtUpS, api: await asked }
  say(`${how}  ${JSON.stringify(outage)}`)
  return outage
}

async function untilCaughtUp(url: string): Promise<void> {
  await waitUntil(async () => (await getStats(url)).lag_ms < 1_000, {
    what: 'what waited to be stored',
    timeoutMs: CAUGHT_UP_MS,
    intervalMs: 100,
  })
}

/** How long a transaction stays open with its rows in it, so that a crash finds it. */
const OPEN_S = 0.25

/** The server ends as if by a crash, each time in the middle of a batch, and is started again. */
export async function runCrashes(scene: Scene, count: number): Promise<Crashes> {
  const { postgres, times, say } = scene
  times.take()
  await execute(
    postgres.url,
    `create function stay_open() returns trigger language plpgsql as
     $$ begin perform pg_sleep(${OPEN_S}); return new; end $$`,
    `create trigger stay_open after insert or update on spool_cursors for each row execute function stay_open()`,
  )
  let inTransaction = 0
  for (let crashes = 0; crashes < count; crashes++) {
    inTransaction += await waitUntil(() => findOpenBatch(postgres.url), {
      what: 'a batch under way',
      timeoutMs: 60_000,
      intervalMs: 10,
    })
    await postgres.stop('immediate')
    await postgres.start()
    if (crashes % 10 === 9) say(`crashed  ${crashes + 1}/${count}`)
  }
  await execute(postgres.url, 'drop trigger stay_open on spool_cursors')
  await untilCaughtUp(scene.url)
  const crashed = { ...times.take(), crashes: count, in_transaction: inTransaction }
  say(`crashed  ${JSON.stringify(crashed)}`)
  return crashed
}

/** Sleeping in our trigger, and with a transaction id: it has written. */
async function findOpenBatch(url: string): Promise<number> {
  const client = await connect(url)
  try {
    const { rows } = await client.query(
      `select 1 from pg_stat_activity
       where application_name = 'daybook' and backend_xid is not null and wait_event = 'PgSleep'`,
    )
    return rows.length
  } finally {
    await client.end()
  }
}

async function execute(url: string, ...statements: readonly string[]): Promise<void> {
  const client = await connect(url)
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
