/** A deploy: processes of this release and of the one after it on one folder and one database, which die at random. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { type App, startApp, startHost } from './database-app.ts'
import { createOracle, EXACT, isLong, readQuarantine } from './database-oracle.ts'
import { createLaterRelease } from './kit/later-release.ts'

const DEATHS = isLong ? 60 : 6
const TIME_LIMIT = isLong ? 1_800_000 : 240_000

const LATER_SCHEMA = /later release of Daybook \(9999-later\)/
const LATER_LINE = /line version 2 is not known to this release/

async function setUp() {
  const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
  const program = createLaterRelease('test/faults/database-host.ts')
  return {
    dir,
    oracle: createOracle(url),
    startThis: () => startApp(dir, url),
    startLater: (folder = dir) => startHost(program, { dir: folder, url }),
  }
}

const drainOf = async (app: App) => (await app.stats()).drain
const hasSaid = (app: App, reason: RegExp) =>
  waitUntil(async () => reason.test(String((await drainOf(app)).reason)), { what: `a reason like ${reason}` })

/** Names in lines that were set aside because they are of the later release. */
const namesAside = (dir: string): string[] =>
  readQuarantine(dir).flatMap(({ line = '{}', reason }) =>
    LATER_LINE.test(reason) ? [JSON.parse(line).entity_id] : [],
  )

test(
  'where this release drains, the lines of a later one are set aside with their bytes, and its own are stored',
  async () => {
    const { dir, oracle, startThis, startLater } = await setUp()
    const present = await startThis()
    await present.burst('present', 50)
    await present.untilStored()
    const later = await startLater()
    await later.burst('later', 50)
    await present.burst('more', 50)
    await waitUntil(async () => (await drainOf(present)).quarantined === 50, {
      what: 'the later lines to be set aside',
    })
    await present.untilStored()
    expect(await oracle.judge(present.acknowledged, 'entity_id')).toEqual(EXACT)
    expect(await oracle.count()).toBe(present.acknowledged.size)
    expect(new Set(namesAside(dir))).toEqual(later.acknowledged)
  },
  TIME_LIMIT,
)

test(
  'a schema of a later release makes this one wait with that reason, and leave the folder to the later one',
  async () => {
    const { dir, oracle, startThis, startLater } = await setUp()
    const first = await startLater()
    await first.burst('first', 50)
    await first.untilStored()
    const present = await startThis()
    // The one that drains goes, and this one is next.
    await first.child.kill('SIGKILL')
    await present.burst('present', 50)
    await hasSaid(present, LATER_SCHEMA)
    expect(await oracle.count()).toBe(50)
    expect(await drainOf(present)).toMatchObject({ stored: 0, quarantined: 0 })

    const next = await startLater()
    await next.burst('next', 50)
    await waitUntil(async () => (await oracle.count()) === 150, {
      what: 'the later release to store the events of all',
    })
    const all = [first, present, next].flatMap(({ acknowledged }) => [...acknowledged])
    expect(await oracle.judge(all, 'entity_id')).toEqual(EXACT)
    expect(readQuarantine(dir)).toEqual([])
    expect(await present.stats()).toMatchObject({ spool: { shed: 0 } })
  },
  TIME_LIMIT,
)

test(
  'a schema that another host has migrated makes the one that drains leave the folder to the later release',
  async () => {
    const { oracle, startThis, startLater } = await setUp()
    const present = await startThis()
    await present.burst('present', 50)
    await present.untilStored()
    const elsewhere = await startLater(createTestFolder('elsewhere'))
    await elsewhere.burst('elsewhere', 50)
    await elsewhere.untilStored()
    // It looks at the schema again after a failure.
    await oracle.sql('create sequence raised')
    await oracle.sql(`create function fail_once() returns trigger language plpgsql as $$ begin
      if nextval('raised') = 1 then raise exception 'not now' using errcode = '40001'; end if; return new; end $$`)
    await oracle.sql('create trigger fail_once before insert on event_logs for each row execute function fail_once()')
    await present.burst('more', 50)
    await hasSaid(present, LATER_SCHEMA)
    expect(await oracle.count()).toBe(100)
    const next = await startLater()
    await next.burst('next', 50)
    await waitUntil(async () => (await oracle.count()) === 200, {
      what: 'the later release to store the events of all',
    })
    const all = [present, elsewhere, next].flatMap(({ acknowledged }) => [...acknowledged])
    expect(await oracle.judge(all, 'entity_id')).toEqual(EXACT)
  },
  TIME_LIMIT,
)

test(
  `of two processes of each release ${DEATHS} die under load, and each event is stored once or set aside`,
  async () => {
    const { dir, oracle, startThis, startLater } = await setUp()
    const starts = [startThis, startLater, startThis, startLater]
    const apps = await Promise.all(starts.map((start) => start()))
    const acknowledged = new Set<string>()
    for (let death = 0; death < DEATHS; death++) {
      const loads = apps.map((app) => app.load())
      await sleep(300 + ((death * 0.618) % 1) * 1_500)
      const at = death % apps.length
      const [victim, start] = [apps[at], starts[at]]
      if (!victim || !start) throw new Error('no app')
      await victim.child.kill('SIGKILL')
      await Promise.all(loads.map((load) => load.stop()))
      for (const name of victim.acknowledged) acknowledged.add(name)
      apps[at] = await start()
    }
    await waitUntil(async () => (await Promise.all(apps.map(drainOf))).some(({ state }) => state === 'idle'), {
      what: 'one to have stored everything',
    })
    for (const app of apps) {
      for (const name of app.acknowledged) acknowledged.add(name)
      expect(await app.child.kill('SIGTERM')).toMatchObject({ code: 0 })
    }
    // The later one has the last word: this one can't store any more.
    expect(await oracle.sql(`select name from daybook_migrations order by name desc limit 1`)).toEqual([
      { name: '9999-later' },
    ])
    const aside = new Set(namesAside(dir))
    const owed = [...acknowledged].filter((name) => !aside.has(name))
    expect(owed.length).toBeGreaterThan(DEATHS * 20)
    expect(await oracle.judge(owed, 'entity_id')).toEqual(EXACT)
    expect(readQuarantine(dir).filter(({ reason }) => !LATER_LINE.test(reason))).toEqual([])
  },
  TIME_LIMIT,
)
