import { statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { toLine, writeSegment } from './kit/lines.ts'
import { segmentsIn, storedTags, storeRest, unaccounted } from './kit/oracle.ts'
import { startApp } from './kit/start-app.ts'
import { toTags } from './kit/tags.ts'

const BUDGET = 1_048_576
const env = { DAYBOOK_SPOOL_MAX_BYTES: String(BUDGET) }
const bytesIn = (dir: string): number =>
  segmentsIn(dir).reduce((sum, name) => sum + statSync(join(dir, 'events', name)).size, 0)

test('with the budget used up the newest events are dropped and counted, said once, and the older ones are stored later', async () => {
  const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
  const { child, tell } = await startApp({ dir, env })
  const kept: string[] = []
  // Over several looks of the drain at what waits.
  for (let batch = 0; batch < 10; batch++) {
    kept.push(...(await tell('log', { tag: `b${batch}`, count: 1_000 })))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const stats = await tell('stats')
  const { spool } = stats
  expect(spool).toMatchObject({ offered: 10_000, appended: kept.length, shed: 10_000 - kept.length })
  expect(spool.shed).toBeGreaterThan(1_000)
  expect(bytesIn(dir)).toBeLessThanOrEqual(BUDGET)
  expect(bytesIn(dir)).toBeGreaterThan(BUDGET * 0.99)
  expect(child.stderr().match(/being dropped.*DAYBOOK_SPOOL_MAX_BYTES/g)).toHaveLength(1)
  // Those that were kept are the first ones.
  expect(kept).toEqual(
    Array.from({ length: 10 }, (_, b) => toTags(`b${b}`, 1_000))
      .flat()
      .slice(0, kept.length),
  )
  await child.kill('SIGKILL')
  expect(unaccounted(stats, await storeRest(dir, url))).toBe(0)
  expect(await storedTags(url)).toEqual(kept)
})

test('a start counts what waits already, also while a database that never answers is asked', async () => {
  const dir = createTestFolder()
  const line = toLine({ comments: 'waits' })
  writeSegment(dir, Array(Math.floor(BUDGET / line.length)).fill(line))
  const silent = createServer().listen(0, '127.0.0.1')
  onTestEnd(() => void silent.close())
  await new Promise((resolve) => silent.once('listening', resolve))
  const address = silent.address()
  const port = address && typeof address === 'object' ? address.port : 0
  const { tell } = await startApp({ dir, env, database: `postgres://nobody@127.0.0.1:${port}/none` })
  const counted = async () => {
    const { drain } = await tell('stats')
    return drain.waiting_bytes > 0 && drain
  }
  const { state, waiting_bytes } = await waitUntil(counted, { what: 'what waits to be counted', intervalMs: 100 })
  expect(state).toBe('starting')
  expect(waiting_bytes).toBeLessThan(BUDGET)
  await waitUntil(async () => (await tell('log', { tag: 'new', count: 1 })).length === 0, {
    what: 'new events to be dropped',
  })
})
