import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { runCommand } from '../kit/run-command.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { segmentsIn, spooledLines, storedTags, storeRest, unaccounted } from './kit/oracle.ts'
import { startApp } from './kit/start-app.ts'
import { traced, whyNoStrace } from './kit/strace.ts'
import { toTags } from './kit/tags.ts'

const testTraced = whyNoStrace === undefined ? test : test.skip
const why = whyNoStrace ?? ''
/** Calls that the app's own thread made, and those of its other threads. */
function countCalls(trace: string, pid: number) {
  const lines = readFileSync(trace, 'utf8').split('\n')
  const calls = lines.filter((line) => /fdatasync\(/.test(line))
  const own = calls.filter((line) => line.startsWith(`${pid} `)).length
  return { own, others: calls.length - own, injected: lines.filter((line) => /INJECTED|DELAYED/.test(line)).length }
}

/** The thread that syncs takes a moment to start. */
const untilCalled = (trace: string, pid: number, kind: 'own' | 'others' | 'injected') =>
  waitUntil(
    () => {
      const calls = countCalls(trace, pid)
      return calls[kind] > 0 ? calls : undefined
    },
    { what: `${kind} in ${trace}`, intervalMs: 100 },
  )

testTraced(`in group mode a failed sync has the lines written again, to a file that is synced${why}`, async () => {
  const [dir, { url }, trace] = [
    createTestFolder(),
    await createTestDatabase(),
    join(createTestFolder('trace'), 'calls'),
  ]
  const app = await startApp({
    dir,
    // One thread of the pool, as strace counts calls by thread.
    env: { UV_THREADPOOL_SIZE: '1' },
    under: traced(trace, 'fdatasync', 'fdatasync:error=EIO:when=3'),
  })
  const kept: string[] = []
  await waitUntil(
    async () => {
      kept.push(...(await app.tell('log', { tag: `l${kept.length}`, count: 10 })))
      return segmentsIn(dir).some((name) => name.includes('rescue'))
    },
    { what: 'the lines to be written again', intervalMs: 60 },
  )
  kept.push(...(await app.tell('log', { tag: 'after', count: 10 })))
  expect(countCalls(trace, app.child.pid)).toMatchObject({ own: 0, injected: 1 })
  expect(app.child.stderr()).toMatch(/could not be synced: EIO.*check the disk/)
  // The one that failed, the copy of its lines, and a new one.
  expect(segmentsIn(dir)).toHaveLength(3)
  const stats = await app.tell('stats')
  expect(stats.spool.appended).toBe(kept.length)
  await app.child.kill('SIGKILL')
  const rest = await storeRest(dir, url)
  // Those that were written again are counted by their lines, and stored once.
  expect(unaccounted(stats, rest)).toBe(kept.length - spooledLines(dir).length)
  expect((await storedTags(url)).sort()).toEqual(kept.sort())
})

testTraced(`in strict mode a failed sync has the line written again before it is acknowledged${why}`, async () => {
  const [dir, { url }, trace] = [
    createTestFolder(),
    await createTestDatabase(),
    join(createTestFolder('trace'), 'calls'),
  ]
  const app = await startApp({
    dir,
    database: url,
    env: { DAYBOOK_DURABILITY: 'strict', UV_THREADPOOL_SIZE: '1' },
    under: traced(trace, 'fdatasync', 'fdatasync:error=EIO:when=5'),
  })
  expect(await app.tell('log', { tag: 's', count: 20 })).toEqual(toTags('s', 20))
  expect(countCalls(trace, app.child.pid)).toMatchObject({ own: 21 })
  expect(app.child.stderr()).toMatch(/could not be synced: EIO/)
  await app.tell('flush', { ms: 120_000 })
  expect(await app.tell('stats')).toMatchObject({ spool: { appended: 20, shed: 0 }, waiting: 0 })
  expect(await storedTags(url)).toEqual(toTags('s', 20))
})

testTraced(
  `in strict mode a disk that syncs nothing any more sheds every event, and none of those is stored${why}`,
  async () => {
    const [dir, { url }, trace] = [
      createTestFolder(),
      await createTestDatabase(),
      join(createTestFolder('trace'), 'calls'),
    ]
    const app = await startApp({
      dir,
      env: { DAYBOOK_DURABILITY: 'strict' },
      under: traced(trace, 'fdatasync', 'fdatasync:error=EIO:when=5+'),
    })
    const kept = await app.tell('log', { tag: 's', count: 20 })
    expect(kept).toEqual(toTags('s', 4))
    const stats = await app.tell('stats')
    expect(stats.spool).toMatchObject({ offered: 20, appended: 4, shed: 16 })
    await app.child.kill('SIGKILL')
    expect(unaccounted(stats, await storeRest(dir, url))).toBe(0)
    expect(await storedTags(url)).toEqual(kept)
  },
)

testTraced(
  `strict mode syncs each event before it is acknowledged, group mode never on the app's thread${why}`,
  async () => {
    const count = async (durability: string) => {
      const trace = join(createTestFolder('trace'), 'calls')
      const app = await startApp({
        dir: createTestFolder(),
        env: { DAYBOOK_DURABILITY: durability },
        under: traced(trace, 'fdatasync,fsync'),
      })
      await app.tell('log', { tag: 'n', count: 50 })
      // In strict mode the thread that syncs finds little left to do.
      const { own, others } = await untilCalled(trace, app.child.pid, durability === 'group' ? 'others' : 'own')
      await app.child.kill('SIGKILL')
      return { own, others }
    }
    expect((await count('strict')).own).toBe(50)
    const group = await count('group')
    expect(group.own).toBe(0)
    expect(group.others).toBeGreaterThan(0)
  },
)

testTraced(`on a slow disk group mode never blocks the event loop, where strict mode does${why}`, async () => {
  const delayOf = async (durability: string) => {
    const trace = join(createTestFolder('trace'), 'calls')
    const app = await startApp({
      dir: createTestFolder(),
      env: { DAYBOOK_DURABILITY: durability },
      under: traced(trace, 'fdatasync', 'fdatasync:delay_exit=10000000'),
    })
    await app.tell('watchLoop')
    await app.tell('log', { tag: 'slow', count: 1 })
    await untilCalled(trace, app.child.pid, 'injected')
    const delay = await app.tell('longestDelay')
    await app.child.kill('SIGKILL')
    return delay
  }
  expect(await delayOf('group')).toBeLessThan(5_000)
  expect(await delayOf('strict')).toBeGreaterThan(9_000)
})

testTraced(`in group mode events are synced while the drain's thread is stuck${why}`, async () => {
  const [dir, trace] = [createTestFolder(), join(createTestFolder('trace'), 'calls')]
  // Whoever opens it waits for a writer: the drain's thread comes no further than its first look.
  expect(runCommand('mkfifo', join(dir, 'drain.progress.json'))).toBeUndefined()
  const app = await startApp({ dir, under: traced(trace, 'fdatasync') })
  await app.tell('log', { tag: 'stuck', count: 1 })
  expect((await untilCalled(trace, app.child.pid, 'others')).own).toBe(0)
  expect((await app.tell('stats')).drain.state).toBe('starting')
})
