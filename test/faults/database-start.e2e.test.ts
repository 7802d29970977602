/** The database can't be used when the app starts: it serves all the same, says why, and catches up. */
import { beforeAll, expect, test } from '@jest/globals'
import type pg from 'pg'
import { createTestFolder } from '../kit/folder.ts'
import { createOwnPostgres, type OwnPostgres } from '../kit/own-postgres.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { startApp } from './database-app.ts'
import { createOracle, EXACT, openSession } from './database-oracle.ts'

let postgres: OwnPostgres
beforeAll(async () => {
  postgres = await createOwnPostgres({ settings: ['max_connections=8', 'superuser_reserved_connections=0'] })
  await postgres.start()
})

const toUrl = (change: Partial<Pick<URL, 'password' | 'pathname' | 'hostname'>>): string =>
  Object.assign(new URL(postgres.url), change).href

/** The app answers, logs and says what is wrong; gives it back for what comes then. */
async function startWithout(url: string, reason: RegExp) {
  const app = await startApp(createTestFolder(), url)
  await app.burst('early', 50)
  await app.log('late')
  await waitUntil(async () => reason.test(String((await app.stats()).drain.reason)), {
    what: `a reason like ${reason}`,
  })
  expect(await app.stats()).toMatchObject({ waiting: 52, drain: { state: 'waiting', stored: 0 }, spool: { shed: 0 } })
  const answer = await app.api('/events')
  expect(answer.status).toBe(503)
  expect((await app.api('/readyz')).status).toBe(503)
  // What a stranger may read names no host, user or password.
  expect(`${await answer.text()}${await (await app.api('/readyz')).text()}`).not.toMatch(/postgres:|daybook_no|nowhere/)
  return app
}

test('with a wrong password', async () => {
  const app = await startWithout(toUrl({ password: 'wrong' }), /28P01/)
  await createOracle(postgres.url).sql(`alter role postgres password 'wrong'`)
  try {
    await app.untilStored()
  } finally {
    await createOracle(toUrl({ password: 'wrong' })).sql(`alter role postgres password 'daybook'`)
  }
  expect(await createOracle(postgres.url).judge(app.acknowledged, 'entity_id')).toEqual(EXACT)
})

test('with a database that is not there, which is not made for it', async () => {
  const url = toUrl({ pathname: '/daybook_no_such' })
  const app = await startWithout(url, /"daybook_no_such" does not exist \(3D000\)/)
  await createOracle(postgres.url).sql('create database daybook_no_such')
  await app.untilStored()
  expect(await createOracle(url).judge(app.acknowledged, 'entity_id')).toEqual(EXACT)
})

test('with a name that does not resolve', async () => {
  await startWithout(toUrl({ hostname: 'nowhere.invalid' }), /ENOTFOUND|EAI_AGAIN/)
})

test('with all connections taken', async () => {
  await createOracle(postgres.url).sql('create database crowded')
  const url = toUrl({ pathname: '/crowded' })
  const sessions: pg.Client[] = []
  const isFull = async () =>
    openSession(url)
      .then((session) => sessions.push(session) < 0)
      .catch(() => true)
  await waitUntil(isFull, { what: 'the server to be full' })
  expect(sessions.length).toBeGreaterThan(3)
  const app = await startWithout(url, /53300/)
  for (const session of sessions) await session.end()
  await app.untilStored()
  expect(await createOracle(url).judge(app.acknowledged, 'entity_id')).toEqual(EXACT)
  expect((await app.api('/events')).status).toBe(200)
})
