/** The kit promises what happens to databases, folders and processes when tests fail or are killed; here it keeps that. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { openEmbedded } from '../../src/store/embedded.ts'
import { MIGRATIONS } from '../../src/store/orm.ts'
import { IS_OTHER } from '../../src/store/rollups/roll.ts'
import { type Child, startChild } from './child.ts'
import { createTestDatabase, type DatabaseTarget, forEachDatabase } from './database.ts'
import { freePort } from './free-port.ts'
import { oncePerRun } from './once-per-run.ts'
import { isAlive, sweepRuns } from './postgres-leftovers.ts'
import type { ServerMessage } from './postgres-server.ts'
import { waitUntil } from './wait-until.ts'

const ADMIN_URL = process.env.TEST_POSTGRES_URL ?? ''

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(text)
  await client.end()
  return rows
}

/** Asks a database as it is, before a store has opened it. */
async function ask(target: DatabaseTarget, text: string): Promise<Record<string, unknown>[]> {
  if (target.kind === 'postgres') return query(target.url, text)
  const pglite = await openEmbedded(target.dir)
  try {
    return (await pglite.query<Record<string, unknown>>(text)).rows
  } finally {
    await pglite.close()
  }
}

const SCHEMA = `select (select json_agg(name order by id) from daybook_migrations) as migrations, ${IS_OTHER} as is_other,
  (select count(*)::int from pg_constraint where contype = 'f' and conrelid = 'event_logs'::regclass) as keys,
  (select max(inhrelid::regclass::text) from pg_inherits where inhparent = 'event_logs'::regclass) as last_day
  from event_rollup_state`

/** The partition of the day after tomorrow. */
const toLastDay = (): string =>
  `event_logs_p${new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')}`

function startJest(planted: string, env: Record<string, string | undefined>): Child {
  const script = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'] as const
  return startChild(script, ['--testMatch', `<rootDir>/test/kit/planted/${planted}.planted.ts`], env)
}

describe('databases', () => {
  test('a test database is fresh and named after its file', async () => {
    const { url } = await createTestDatabase()
    expect(await query(url, 'select current_database() as name')).toEqual([
      { name: expect.stringMatching(/^daybook_kit_kit_e2e_db_/) },
    ])
  })

  test('drop takes it away before the test ends', async () => {
    const { url, drop } = await createTestDatabase()
    await drop()
    await drop()
    await expect(query(url, 'select 1')).rejects.toThrow('does not exist')
  })

  forEachDatabase((label, open) => {
    test(`open gives another ${label} each time`, async () => {
      const [one, two] = [await open(), await open()]
      expect(one).not.toEqual(two)
      expect(one.kind).toBe(label === 'PGlite' ? 'embedded' : 'postgres')
    })

    test(`a ${label} has the schema as these sources make it today, or nothing where that is asked for`, async () => {
      const [before, found, after] = [toLastDay(), await ask(await open(), SCHEMA), toLastDay()]
      expect(found).toEqual([
        {
          migrations: MIGRATIONS.map(({ name }) => name),
          is_other: false,
          keys: 5,
          last_day: expect.stringMatching(`^(?:${before}|${after})$`),
        },
      ])
      const tables = `select relname from pg_class where relnamespace = 'public'::regnamespace`
      expect(await ask(await open('empty'), tables)).toEqual([])
    })
  })
})

describe('a test run', () => {
  const kept: { database?: string; folder?: string } = {}
  afterAll(async () => {
    if (kept.database) await query(ADMIN_URL, `drop database "${kept.database}"`)
    if (kept.folder) rmSync(kept.folder, { recursive: true, force: true })
  })

  test('keeps database and folder of the test that failed, prints where, and drops the others', async () => {
    const jest = startJest('outcomes', { DAYBOOK_TEST_DATABASE_URL: ADMIN_URL, TEST_POSTGRES_FOLDER: undefined })
    expect((await jest.exit).code).toBe(1)
    kept.database = /its database is kept: \S+\/(\w+)/.exec(jest.stderr())?.[1] ?? ''
    kept.folder = /its folder is kept: (\S+)/.exec(jest.stderr())?.[1] ?? ''
    const left = await query(ADMIN_URL, "select datname from pg_database where datname like '%outcomes_planted%'")
    expect(left).toEqual([{ datname: kept.database }])
    expect(kept.database).toContain('_failed_')
    expect(existsSync(kept.folder)).toBe(true)
    expect(existsSync(kept.folder.replace('-failed-', '-passed-'))).toBe(false)
  })

  test('that is killed takes its Postgres with it', async () => {
    const jest = startJest('hangs', { DAYBOOK_TEST_DATABASE_URL: undefined })
    const [, url = '', folder = ''] = / (\S+) in (\S+)/.exec(await jest.waitForLine(/^server postgres:/)) ?? []
    expect(await query(url, 'select 1 as alive')).toEqual([{ alive: 1 }])
    await jest.kill('SIGKILL')
    await waitUntil(() => !existsSync(folder), { what: 'the folder of the Postgres of a killed run to go' })
    await expect(query(url, 'select 1')).rejects.toThrow('ECONNREFUSED')
  })

  test('clears what a killed server left behind', async () => {
    const server = fork('test/kit/postgres-server.ts', { execArgv: [], stdio: 'ignore' })
    const [message] = (await once(server, 'message')) as [ServerMessage]
    if ('error' in message) throw new Error(message.error)
    server.kill('SIGKILL')
    await once(server, 'exit')
    const postgres = Number.parseInt(readFileSync(join(message.folder, 'data', 'postmaster.pid'), 'utf8'), 10)
    expect(isAlive(postgres)).toBe(true)
    await sweepRuns()
    expect(isAlive(postgres)).toBe(false)
    expect(existsSync(message.folder)).toBe(false)
  })
})

describe('children', () => {
  test('get arguments and environment, and their lines can be waited for', async () => {
    const child = startChild('test/kit/planted/speaks.ts', ['you'], { DAYBOOK_GREETING: 'and me' })
    expect(await child.waitForLine(/^hello/)).toBe('hello you and me')
    expect(await child.kill('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' })
  })

  let leftOver = 0
  test('are killed when their test ends', async () => {
    const child = startChild('test/kit/planted/speaks.ts')
    await child.waitForLine(/^hello/)
    leftOver = child.pid
  })
  test('… as the one of the test before was', () => {
    expect(leftOver).toBeGreaterThan(0)
    expect(isAlive(leftOver)).toBe(false)
  })

  test('that end without the line say what they printed', async () => {
    const child = startChild(['--eval', 'process.stderr.write("went wrong\\n")'])
    await expect(child.waitForLine(/^ready/)).rejects.toThrow(/ended without printing.*went wrong/s)
  })
})

test('what is made once per run is made by one of those who need it, and tried again where that failed', async () => {
  let tries = 0
  const make = async (aside: string): Promise<void> => {
    if (++tries === 1) throw new Error('no room')
    writeFileSync(join(aside, 'made'), '')
  }
  const get = () => oncePerRun('for-the-kit', make)
  await expect(get()).rejects.toThrow('no room')
  const folders = new Set(await Promise.all([get(), get(), get()]))
  expect([...folders].map((folder) => existsSync(join(folder, 'made')))).toEqual([true])
  expect(tries).toBe(2)
})

describe('waiting', () => {
  test('gives what the check found, and takes a throw as "not yet"', async () => {
    let calls = 0
    const check = () => {
      calls += 1
      if (calls < 3) throw new Error('not yet')
      return { calls }
    }
    expect(await waitUntil(check, { what: 'the third call' })).toEqual({ calls: 3 })
  })

  test('fails with what was waited for and what was seen last', async () => {
    const wait = waitUntil(() => 0, { what: 'an event', timeoutMs: 30 })
    await expect(wait).rejects.toThrow('Waited 30 ms for an event; last seen: 0')
  })

  test('a free port is another one each time', async () => {
    expect(await freePort()).not.toBe(await freePort())
  })
})
