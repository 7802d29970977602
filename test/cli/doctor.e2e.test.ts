/** What `daybook doctor` finds, each fault planted for real. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { DATABASE } from '../../src/config/defaults.ts'
import type { Finding } from '../../src/event/finding.ts'
import { openMigrations } from '../../src/store/migrations.ts'
import { createOrm } from '../../src/store/orm.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { daybook } from './daybook.ts'
import { onDatabase } from './on-database.ts'

type Env = Record<string, string>

interface Planted {
  readonly fault: string
  /** Makes the fault; gives what is to be set. */
  readonly plant: (dir: string, url: string) => Promise<Env> | Env
  readonly found: Partial<Finding>
  readonly found_text: RegExp
  readonly cure: RegExp
}

const migrate = async (dir: string, url: string): Promise<void> => {
  const { code, err } = await daybook(['migrate', 'up', '--dir', dir], { DATABASE_URL: url })
  if (code !== 0) throw new Error(err)
}

const PLANTED: readonly Planted[] = [
  {
    fault: 'a setting that is wrong',
    plant: () => ({ DAYBOOK_RETENTION_EVENTS_DAYS: 'many' }),
    found: { about: 'settings', state: 'bad' },
    found_text: /DAYBOOK_RETENTION_EVENTS_DAYS: expected whole days/,
    cure: /Correct or unset/,
  },
  {
    fault: 'a setting with a slip in its name',
    plant: () => ({ DAYBOOK_RETENTION_EVENT_DAYS: '3' }),
    found: { about: 'settings', state: 'bad' },
    found_text: /did you mean DAYBOOK_RETENTION_EVENTS_DAYS/,
    cure: /Correct or unset/,
  },
  {
    fault: 'a file where the folder should be',
    plant: (dir) => {
      writeFileSync(join(dir, 'file'), '')
      return { DAYBOOK_DIR: join(dir, 'file') }
    },
    found: { about: 'folder', state: 'bad' },
    found_text: /is a file/,
    cure: /Move it away/,
  },
  {
    fault: 'a folder that others can read',
    plant: (dir) => {
      chmodSync(dir, 0o755)
      return {}
    },
    found: { about: 'folder', state: 'warning' },
    found_text: /can be read by other users/,
    cure: /chmod 700/,
  },
  {
    fault: 'lines that were set aside',
    plant: (dir) => {
      mkdirSync(join(dir, 'quarantine'))
      const row = { refused_at: '2026-11-21T10:00:00Z', segment: 's', at: 0, reason: 'no time', line: 'x' }
      writeFileSync(join(dir, 'quarantine', 'refused_2026-11-21.jsonl'), `${JSON.stringify(row)}\n`)
      return {}
    },
    found: { about: 'quarantine', state: 'warning' },
    found_text: /1 lines were set aside; the last: no time/,
    cure: /daybook spool retry/,
  },
  {
    fault: 'a clock that ran ahead',
    plant: (dir) => {
      mkdirSync(join(dir, 'events'))
      writeFileSync(join(dir, 'events', 'events_2999-01-01_1-aa-1.jsonl'), '')
      return {}
    },
    found: { about: 'clock', state: 'warning' },
    found_text: /of a day to come/,
    cure: /NTP/,
  },
  {
    fault: 'a server that is away',
    plant: () => ({ DATABASE_URL: 'postgres://127.0.0.1:1/app' }),
    found: { about: 'database', state: 'bad' },
    found_text: /ECONNREFUSED|refused/,
    cure: /host, port/,
  },
  {
    fault: 'a database that is not there',
    plant: (_, url) => ({ DATABASE_URL: `${url}_not` }),
    found: { about: 'database', state: 'bad' },
    found_text: /does not exist/,
    cure: /database name/,
  },
  {
    fault: 'a database that takes no writes',
    plant: async (dir, url) => {
      await migrate(dir, url)
      await onDatabase(url, (name) => `alter database "${name}" set default_transaction_read_only = on`)
      return { DATABASE_URL: url }
    },
    found: { about: 'database', state: 'bad' },
    found_text: /takes no writes/,
    cure: /primary/,
  },
  {
    fault: 'a schema that is not there yet',
    plant: (_, url) => ({ DATABASE_URL: url }),
    found: { about: 'schema', state: 'warning' },
    found_text: /0001-event-and-error-logs.* not done yet/,
    cure: /daybook migrate up/,
  },
  {
    fault: 'a schema of a later release',
    plant: async (dir, url) => {
      await migrate(dir, url)
      await onDatabase(url, () => `insert into daybook_migrations (name) values ('9999-of-tomorrow')`)
      return { DATABASE_URL: url }
    },
    found: { about: 'schema', state: 'bad' },
    found_text: /9999-of-tomorrow/,
    cure: /Install that release/,
  },
]

test.each(PLANTED)('doctor finds $fault, and names the cure', async ({ plant, found, found_text, cure }) => {
  const dir = createTestFolder()
  const { url } = await createTestDatabase('db', 'empty')
  const env = { DAYBOOK_DIR: dir, ...(await plant(dir, url)) }
  const { code, out } = await daybook(['doctor', '--json'], env)
  const { findings }: { findings: Finding[] } = JSON.parse(out)
  const wrong = findings.filter(({ state }) => state !== 'good')
  expect(wrong).toMatchObject([found])
  expect(wrong[0]?.found).toMatch(found_text)
  expect(wrong[0]?.cure).toMatch(cure)
  expect(code).toBe(found.state === 'bad' ? 1 : 0)
})

test('doctor finds nothing wrong with a database that is in order, and migrations can be taken back', async () => {
  const env = { DAYBOOK_DIR: createTestFolder(), DATABASE_URL: (await createTestDatabase('db', 'empty')).url }
  expect((await daybook(['migrate', 'up'], env)).out).toMatch(/done {2}0001-event-and-error-logs/)
  expect((await daybook(['migrate', 'up'], env)).out).toBe('The database is up to date.\n')
  const { code, out } = await daybook(['doctor'], env)
  expect([code, out]).toEqual([0, expect.not.stringMatching(/[!✗]/)])
  expect(out).toMatch(/^✓ Node\.js +24.*\n✓ settings [\s\S]*✓ schema +up to /)
  expect(await daybook(['migrate', 'down'], env)).toMatchObject({ code: 1, err: expect.stringContaining('--yes') })
  const { migrations } = JSON.parse((await daybook(['migrate', 'status', '--json'], env)).out)
  const [last, ...earlier]: { name: string }[] = migrations.toReversed()
  expect((await daybook(['migrate', 'down', '--yes'], env)).out).toBe(`taken back  ${last?.name}\n`)
  // What the command does, without another start for each.
  const orm = createOrm({ kind: 'server', url: env.DATABASE_URL, ...DATABASE, connections: 1 })
  onTestEnd(() => orm.close(true))
  for (const { name } of earlier) expect(await openMigrations(orm).down()).toBe(name)
  expect((await daybook(['migrate', 'down', '--yes', '--json'], env)).out).toBe('{"taken_back":null}\n')
})
