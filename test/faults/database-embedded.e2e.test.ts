/** The embedded database: its process is killed, and what it had left behind is in the way of the next. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { createEmbeddedFolder } from '../kit/database.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { startApp } from './database-app.ts'
import { leaveSegment } from './database-drain.ts'
import { countEmbedded, EXACT, isLong, judge, readQuarantine } from './database-oracle.ts'
import { toDeepLine, toOddLine } from './kit/poison.ts'

const KILLS = isLong ? 500 : 5
const TIME_LIMIT = isLong ? 3_600_000 : 600_000

test(
  `an embedded database that is killed ${KILLS} times while it stores opens again, and has each event once`,
  async () => {
    const dir = await createEmbeddedFolder()
    const acknowledged = new Set<string>()
    let storing = 0
    for (let kill = 0; kill < KILLS; kill++) {
      const app = await startApp(dir)
      const load = app.load()
      await app.burst(`burst-${kill}`, 5_000)
      await waitUntil(async () => (await app.stats()).drain.stored > 0, { what: 'rows', intervalMs: 5 })
      await sleep(((kill * 0.618) % 1) * 400)
      if ((await app.stats()).drain.waiting_bytes > 0) storing++
      await app.child.kill('SIGKILL')
      await load.stop()
      for (const name of app.acknowledged) acknowledged.add(name)
    }
    expect(storing).toBeGreaterThan(0)
    const last = await startApp(dir)
    await last.untilStored(120_000)
    expect(await last.stats()).toMatchObject({ drain: { quarantined: 0 }, spool: { shed: 0 } })
    expect(await last.child.kill('SIGTERM')).toMatchObject({ code: 0 })
    expect(judge(acknowledged, await countEmbedded(dir))).toEqual(EXACT)
  },
  TIME_LIMIT,
)

test('a pid file that was left behind, of a dead process or of one that lives, stands in no way', async () => {
  const dir = await createEmbeddedFolder()
  for (const pid of [99_999_999, process.pid]) {
    writeFileSync(join(dir, 'pglite', 'postmaster.pid'), `${pid}\n${join(dir, 'pglite')}\n1700000000\n5432\n`)
    const app = await startApp(dir)
    await app.log(`with-${pid}`)
    await app.untilStored()
    await app.child.kill('SIGKILL')
  }
  expect((await countEmbedded(dir)).size).toBe(2)
})

const DEPTHS = [3_000, 4_500, 6_000, 7_000, 7_500, 9_000, 20_000]

test('lines that are nested too deep for it are set aside, none is lost without a word, and it goes on', async () => {
  const dir = await createEmbeddedFolder()
  mkdirSync(join(dir, 'events'))
  const lines = [toOddLine({ entity_id: 'before' }), ...DEPTHS.map(toDeepLine), toOddLine({ entity_id: 'after' })]
  leaveSegment(dir, lines)
  const app = await startApp(dir)
  await app.untilStored(120_000)
  const { drain } = await app.stats()
  expect(drain.stored + drain.quarantined).toBe(lines.length)
  await app.log('later')
  await app.untilStored()
  expect(await app.child.kill('SIGTERM')).toMatchObject({ code: 0 })
  expect([...(await countEmbedded(dir)).keys()].sort()).toEqual(['after', 'before', 'later'])
  expect(readQuarantine(dir)).toHaveLength(drain.quarantined)
})
