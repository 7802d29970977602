/** The power goes: what was said to be on the disk is there when it is back. */
import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { freeze } from '../campaign/power-child.ts'
import { createPowerDisk, whyNoPowerCut } from '../campaign/power-disk.ts'
import { runShort } from '../campaign/run-short.ts'
import { createTestDatabase } from '../kit/database.ts'
import { copyEmbeddedTemplate } from '../kit/embedded-template.ts'
import { createTestFolder } from '../kit/folder.ts'
import { runCommand } from '../kit/run-command.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { countEmbedded, EXACT, judge } from './database-oracle.ts'
import { toLine, writeSegment } from './kit/lines.ts'
import { quarantinedLines, storedTags, storeRest } from './kit/oracle.ts'
import { toOddLine } from './kit/poison.ts'
import { type App, startApp } from './kit/start-app.ts'

const TIMEOUT_MS = 240_000

const whyNot = whyNoPowerCut('ext4')
const testPower = whyNot === undefined ? test : test.skip
const why = whyNot === undefined ? '' : ` (skipped: ${whyNot})`

/** A folder on a disk of its own. */
function createPlace() {
  const disk = createPowerDisk('ext4', createTestFolder('power'))
  const dir = join(disk.folder, 'daybook')
  mkdirSync(dir)
  const cutUnder = async ({ child }: App): Promise<void> => {
    await freeze(child.pid)
    disk.cut()
    await child.kill('SIGKILL')
    disk.restore()
  }
  /** What is there now stays, whatever happens. */
  const sync = () => runCommand('sync', '-f', disk.folder)
  return { dir, cutUnder, sync }
}

testPower(
  `after a power cut all that strict has acknowledged is there, and with group all but the last moment's${why}`,
  async () => {
    const { code, report } = await runShort('power')
    expect(report).toMatchObject({ lost: 0, doubled: 0, wrong: {} })
    for (const durability of ['strict', 'group']) expect(report[`ext4 ${durability}`].acknowledged).toBeGreaterThan(0)
    expect(report['ext4 strict'].unsynced).toBe(0)
    // It would have been noticed: without syncing they were lost.
    expect(report.control.lost).toBeGreaterThan(0)
    expect(code).toBe(0)
  },
  TIMEOUT_MS,
)

testPower(
  `a writer that never syncs does not pass${why}`,
  async () => {
    const { code, report } = await runShort('power', '--count', '4', '--control')
    expect(report.lost).toBeGreaterThan(0)
    expect(code).toBe(1)
  },
  TIMEOUT_MS,
)

testPower(`a line that was set aside before a power cut is still there${why}`, async () => {
  const [{ dir, cutUnder, sync }, { url }] = [createPlace(), await createTestDatabase()]
  const odd = toOddLine({ payload: { nul: '\u0000' } })
  writeSegment(dir, [toLine({ comments: 'before' }), odd, toLine({ comments: 'after' })])
  sync()
  const app = await startApp({ dir, database: url })
  await waitUntil(async () => (await app.tell('stats')).drain.stored === 2, { what: 'the others to be stored' })
  await cutUnder(app)
  // The cursor has passed it, so that it will not be met again.
  expect((await storeRest(dir, url)).drain).toMatchObject({ stored: 0, quarantined: 0 })
  expect((await storedTags(url)).sort()).toEqual(['after', 'before'])
  expect(quarantinedLines(dir)).toMatchObject([{ line: odd.trimEnd(), reason: expect.stringMatching(/22P05/) }])
})

testPower(
  `an embedded database that a power cut has damaged says what to do, and is then filled again from the daily files${why}`,
  async () => {
    const { dir, cutUnder } = createPlace()
    await copyEmbeddedTemplate(dir)
    const place = { dir, env: { DATABASE_URL: undefined, DAYBOOK_DURABILITY: 'strict' } }
    const before = await startApp(place)
    const kept = await before.tell('log', { tag: 'before', count: 300 })
    expect(await before.tell('flush', { ms: 60_000 })).toBe(true)
    await cutUnder(before)

    const after = await startApp(place)
    kept.push(...(await after.tell('log', { tag: 'after', count: 300 })))
    const reason = await waitUntil(async () => (await after.tell('stats')).drain.reason, { what: 'a reason to wait' })
    const [, folder = ''] = /move (\S+) away/.exec(reason) ?? []
    renameSync(folder, `${folder}.damaged`)
    // Who moves it while PGlite tries it again may end the thread, and with it whoever waits for a flush.
    await waitUntil(() => after.tell('flush', { ms: 60_000 }), { what: 'all to be stored' })
    expect(await after.child.kill('SIGTERM')).toMatchObject({ code: 0 })
    expect(kept).toHaveLength(600)
    expect(judge(kept, await countEmbedded(dir, 'comments'))).toEqual(EXACT)
  },
  TIMEOUT_MS,
)
