/** Several processes on one folder, which die at random: one of them stores the events of all, and each event once. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { createEmbeddedFolder, createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { type App, startApp } from './database-app.ts'
import { countEmbedded, createOracle, EXACT, isLong, judge, type Verdict } from './database-oracle.ts'

const SIZE = 3
const DEATHS = isLong ? 60 : 5
const TIME_LIMIT = isLong ? 900_000 : 600_000

interface Place {
  readonly dir: string
  readonly url?: string
  /** How what was acknowledged is stored, asked when no app is left. */
  judge(acknowledged: Iterable<string>): Promise<Verdict>
}

async function createPlace(kind: 'Postgres' | 'PGlite'): Promise<Place> {
  if (kind === 'PGlite') {
    const dir = await createEmbeddedFolder()
    return { dir, judge: async (acknowledged) => judge(acknowledged, await countEmbedded(dir)) }
  }
  const { url } = await createTestDatabase()
  return { dir: createTestFolder(), url, judge: (names) => createOracle(url).judge(names, 'entity_id') }
}

const stateOf = async (app: App): Promise<string> => (await app.stats()).drain.state

test.each(['Postgres', 'PGlite'] as const)(
  `of ${SIZE} processes on one folder with %s ${DEATHS} die under load, and each event is stored once`,
  async (kind) => {
    const { dir, url, judge } = await createPlace(kind)
    const start = (): Promise<App> => startApp(dir, url)
    const acknowledged = new Set<string>()
    const apps = await Promise.all(Array.from({ length: SIZE }, start))
    let holders = 0
    for (let death = 0; death < DEATHS; death++) {
      const loads = apps.map((app) => app.load())
      await waitUntil(async () => (await Promise.all(apps.map(stateOf))).some((state) => state !== 'standby'), {
        what: 'one that drains',
      })
      await sleep(200 + ((death * 0.618) % 1) * 800)
      // Each in turn, so that the one that drains is among them.
      const victim = apps[death % SIZE]
      if (!victim) throw new Error('no app')
      if ((await stateOf(victim)) !== 'standby') holders++
      await victim.child.kill('SIGKILL')
      await Promise.all(loads.map((load) => load.stop()))
      for (const name of victim.acknowledged) acknowledged.add(name)
      apps[death % SIZE] = await start()
    }
    expect(holders).toBeGreaterThan(0)

    const states = await waitUntil(
      async () => {
        const seen = await Promise.all(apps.map(stateOf))
        const isSettled = seen.includes('idle') && seen.filter((state) => state === 'standby').length === SIZE - 1
        return isSettled && seen
      },
      { what: 'one to have stored everything, and the others to stand by' },
    )
    for (const [at, app] of apps.entries()) {
      const answer = await app.api('/events')
      const canRead = url !== undefined || states[at] !== 'standby'
      expect(answer.status).toBe(canRead ? 200 : 503)
      if (!canRead) expect(await answer.text()).toMatch(/DATABASE_URL/)
    }
    for (const app of apps) {
      for (const name of app.acknowledged) acknowledged.add(name)
      expect(await app.child.kill('SIGTERM')).toMatchObject({ code: 0 })
    }
    expect(acknowledged.size).toBeGreaterThan(DEATHS * 20)
    expect(await judge(acknowledged)).toEqual(EXACT)
  },
  TIME_LIMIT,
)
