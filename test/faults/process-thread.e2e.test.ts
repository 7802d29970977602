import { expect, test } from '@jest/globals'
import { createSupervisor, type SupervisorOptions } from '../../src/drain/supervisor.ts'
import { createSignals } from '../../src/event/signals.ts'
import { toMark } from '../../src/spool/layout.ts'
import { createSpool } from '../../src/spool/spool.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestDatabase } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { createTestFolder } from '../kit/folder.ts'
import { eventToLine } from '../kit/line.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { storedTags } from './kit/oracle.ts'
import { toTags } from './kit/tags.ts'
import type { Life } from './kit/thread.ts'

function start(entry: string, data: object, options: Partial<SupervisorOptions> = {}) {
  const [signals, notices] = [createSignals(), [] as string[]]
  const supervisor = createSupervisor({
    entry: new URL(entry, import.meta.url),
    data: { ...data, signals },
    signals,
    restartMs: 20,
    hangMs: 10_000,
    onStatus: () => undefined,
    onNotice: (line) => notices.push(line),
    ...options,
  })
  onTestEnd(() => supervisor.close(1_000))
  return { supervisor, signals, notices }
}

function startLives(lives: readonly Life[], options: Partial<SupervisorOptions> = {}) {
  const lived = new SharedArrayBuffer(4)
  const started = start('./kit/thread.ts', { lives, lived }, options)
  const untilLife = (number: number) =>
    waitUntil(() => new Int32Array(lived)[0] === number && started.supervisor.status().state === 'idle', {
      what: `life ${number}`,
    })
  return { ...started, untilLife }
}

test('a thread that throws or exits is started again, and its counts go on', async () => {
  const { supervisor, notices, untilLife } = startLives(['throw', 'exit', 'live'])
  await untilLife(3)
  expect(supervisor.status()).toMatchObject({ stored: 30, quarantined: 3 })
  expect(await supervisor.flush(1_000)).toBe(true)
  expect(notices).toEqual(['Daybook: the thread that stores events failed: the thread threw'])
})

test('a flush outlives the thread that it asked, and while there is none the status says so', async () => {
  const { supervisor, untilLife } = startLives(['spin', 'live'], { restartMs: 1_000, hangMs: 3_000 })
  await untilLife(1)
  const flushed = new Promise((resolve) => setTimeout(() => resolve(supervisor.flush(120_000)), 400))
  await waitUntil(() => supervisor.status().state === 'waiting', { what: 'the end of the thread' })
  expect(supervisor.status()).toMatchObject({ stored: 10, reason: expect.stringMatching(/ended/) })
  expect(() => supervisor.connect()).toThrow(/ended/)
  const short = supervisor.flush(1)
  expect(await Promise.all([short, supervisor.flush(120_000), flushed])).toEqual([false, true, true])
  await untilLife(2)
})

test('a flush that waits for a thread is told false when none comes any more', async () => {
  const { supervisor } = startLives(['exit'], { restartMs: 120_000 })
  await waitUntil(() => supervisor.status().state === 'waiting', { what: 'the end of the thread' })
  const flushed = supervisor.flush(120_000)
  await supervisor.close(1_000)
  expect([await flushed, await supervisor.flush(120_000)]).toEqual([false, false])
}, 60_000)

test('a thread that hangs is ended, the next is told on which lines it hung, and one that only works is left alone', async () => {
  const { supervisor, notices, untilLife } = startLives(['spin', 'live'], { hangMs: 2_000 })
  await untilLife(2)
  expect(notices).toEqual([expect.stringMatching(/hung for 2000 ms/)])
  expect(JSON.parse(supervisor.status().reason ?? '')).toEqual({
    segment: 'segment-0',
    from: 0,
    to: 100,
    lines: 5,
    isFirst: true,
  })
  // Longer than it may hang: the second lives on.
  await new Promise((resolve) => setTimeout(resolve, 3_500))
  expect(supervisor.status()).toMatchObject({ state: 'idle', stored: 20 })
})

test("wherever the drain's own thread dies, every event is stored once and none is forgotten", async () => {
  const [dir, { url }, died] = [createTestFolder(), await createTestDatabase(), new SharedArrayBuffer(4)]
  const deaths = process.env.FAULTS_LONG ? 200 : 5
  const mark = toMark(process.pid, '0a1b2c3d')
  const { supervisor, signals, notices } = start('./kit/mortal-thread.ts', {
    ...{ dir, mark, deaths, died, databaseUrl: url, service: 'test', host: 'test-host' },
    ...{ retention: { eventsDays: 30, errorsDays: 90 }, archive: { compressAfterDays: 7, deleteAfterDays: 30 } },
  })
  const onNotice = (line: string) => notices.push(line)
  const spool = createSpool({ dir, mark, signals, maxBytes: 2 ** 30, durability: 'group', onNotice })
  const refinery = createTestRefinery()
  const tags: string[] = []
  const deathsSoFar = () => Atomics.load(new Int32Array(died), 0)
  await waitUntil(
    () => {
      for (const comments of toTags('t', 50, tags.length)) {
        expect(spool.append(eventToLine(refinery.seal({ event_type: 'COMMIT', comments })))).toBe(true)
        tags.push(comments)
      }
      return deathsSoFar() >= deaths
    },
    { what: 'the deaths', timeoutMs: deaths * 10_000, intervalMs: 20 },
  )
  await waitUntil(() => supervisor.flush(5_000), { what: 'the rest to be stored' })
  expect(await storedTags(url)).toEqual(tags)
  expect(deathsSoFar()).toBe(deaths)
  // Also what a thread had stored and could not say before it died.
  expect(supervisor.status().own).toBe(tags.length)
}, 600_000)
