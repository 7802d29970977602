/** More is logged than is stored and than there is room for. */
import { expect, test } from '@jest/globals'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { storedTags, unaccounted } from './kit/oracle.ts'
import { startApp } from './kit/start-app.ts'

const BUDGET = 1_048_576
/** One alone is more than there is room for. */
const EACH = 5_000
const BURSTS = process.env.FAULTS_LONG ? 1_000 : 10

test('in a burst beyond what is stored and what there is room for, the sums are right at every look', async () => {
  const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
  const app = await startApp({ dir, database: url, env: { DAYBOOK_SPOOL_MAX_BYTES: String(BUDGET) } })
  const kept: string[] = []
  for (let burst = 0; burst < BURSTS; burst++) {
    kept.push(...(await app.tell('log', { tag: `b${burst}`, count: EACH })))
    const stats = await app.tell('stats')
    expect(stats.spool).toMatchObject({ offered: (burst + 1) * EACH, appended: kept.length })
    expect(unaccounted(stats)).toBe(0)
    // What is said to be stored is there by then.
    expect((await storedTags(url)).length).toBeGreaterThanOrEqual(stats.drain.stored)
  }
  expect(await app.tell('flush', { ms: 60_000 })).toBe(true)
  const stats = await app.tell('stats')
  expect(stats).toMatchObject({ drain: { stored: kept.length, quarantined: 0 }, waiting: 0 })
  expect(unaccounted(stats)).toBe(0)
  expect(stats.spool.shed).toBeGreaterThan(0)
  expect(await storedTags(url)).toEqual(kept)
  // A drop that nobody counts would be noticed.
  expect(unaccounted({ ...stats, spool: { ...stats.spool, shed: 0 } })).toBe(stats.spool.shed)
}, 600_000)
