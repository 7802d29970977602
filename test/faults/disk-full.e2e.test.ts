import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { mountSmallDisk, whyNoMount } from './kit/disks.ts'
import { spooledLines, storedTags, storeRest, unaccounted } from './kit/oracle.ts'
import { type App, startApp } from './kit/start-app.ts'

const testOnDisk = whyNoMount === undefined ? test : test.skip

/** Logs until some are refused, and a few more; gives what was kept. */
async function logUntilFull({ tell }: App, tag: string): Promise<string[]> {
  const kept: string[] = []
  for (let batch = 0; batch < 200 && (await tell('stats')).spool.shed === 0; batch++)
    kept.push(...(await tell('log', { tag: `${tag}${batch}`, count: 50 })))
  kept.push(...(await tell('log', { tag: 'refused', count: 10 })))
  return kept
}

const untilKept = ({ tell }: App, tag: string): Promise<string[]> =>
  waitUntil(
    async () => {
      const kept = await tell('log', { tag, count: 1 })
      return kept.length > 0 ? kept : undefined
    },
    { what: 'an event to be kept again', intervalMs: 200 },
  )

testOnDisk(
  `a full disk costs the newest events, each counted, and is over when there is room${whyNoMount ?? ''}`,
  async () => {
    const [dir, { url }] = [mountSmallDisk('256k'), await createTestDatabase()]
    const ballast = join(dir, 'ballast')
    writeFileSync(ballast, Buffer.alloc(128 * 1024))
    const app = await startApp({ dir })
    const kept = await logUntilFull(app, 'fill')
    const full = (await app.tell('stats')).spool
    expect(full.last_fault).toMatch(/ENOSPC/)
    expect(full).toMatchObject({ offered: full.appended + full.shed, appended: kept.length })
    expect(spooledLines(dir)).toHaveLength(kept.length)

    rmSync(ballast)
    kept.push(...(await untilKept(app, 'again')))
    const stats = await app.tell('stats')
    const { spool } = stats
    expect(spool.appended).toBe(kept.length)
    expect(app.child.stderr().match(/are being dropped/g)).toHaveLength(1)
    expect(app.child.stderr()).toContain(`${spool.shed} were dropped in between`)
    await app.child.kill('SIGKILL')

    // No torn line in the middle: whatever was kept is read, and there is nothing else.
    const rest = await storeRest(dir, url)
    expect(rest.drain).toMatchObject({ stored: kept.length, quarantined: 0 })
    expect(unaccounted(stats, rest)).toBe(0)
    expect((await storedTags(url)).sort()).toEqual(kept.sort())
  },
)

test('a file that may not grow costs the newest events, each counted, and leaves no torn line', async () => {
  const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
  // Not a multiple of a line, so that the last write is a short one.
  const app = await startApp({ dir, under: ['bash', '-c', 'ulimit -f 10; exec "$@"', 'limited'] })
  const kept = await logUntilFull(app, 'limit')
  const stats = await app.tell('stats')
  const { spool } = stats
  expect(spool.last_fault).toMatch(/EFBIG/)
  expect(spool).toMatchObject({ offered: spool.appended + spool.shed, appended: kept.length })
  expect(spool.bytes).toBeGreaterThan(9_000)
  await app.child.kill('SIGKILL')
  const rest = await storeRest(dir, url)
  expect(rest.drain).toMatchObject({ stored: kept.length, quarantined: 0 })
  expect(unaccounted(stats, rest)).toBe(0)
  expect((await storedTags(url)).sort()).toEqual(kept.sort())
})
