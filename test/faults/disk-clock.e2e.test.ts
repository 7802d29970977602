import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parseLine } from '../../src/event/line.ts'
import { createSignals } from '../../src/event/signals.ts'
import { createClock } from '../../src/event/time.ts'
import { createSpool } from '../../src/spool/spool.ts'
import { createTestDatabase } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { createTestFolder } from '../kit/folder.ts'
import { eventToLine } from '../kit/line.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { fakeTimeLibrary, startingAt, whyNoFakeTime } from './kit/fake-time.ts'
import { segmentsIn, spooledLines, storedTags, storeRest } from './kit/oracle.ts'
import { startApp } from './kit/start-app.ts'

const [HOUR_MS, DAY_MS] = [3_600_000, 86_400_000]

/** An event log of one process, whose clock is the test's. */
function start(dir: string, nowMs: () => number) {
  const options = { mark: '1-0a', signals: createSignals(), maxBytes: 1e9, durability: 'group' } as const
  const spool = createSpool({ dir, ...options, onNotice: () => undefined, nowMs })
  const refinery = createTestRefinery({ clock: createClock(nowMs) })
  const log = (comments: string): boolean =>
    spool.append(eventToLine(refinery.seal({ event_type: 'COMMIT', comments })))
  return { log, spool }
}

test('whatever the clock jumps to, events keep their order, are in the file of their day, and are all stored', async () => {
  const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS
  // Before midnight, an hour back over it, five years on, back again.
  const times = [
    today + HOUR_MS / 2,
    today - HOUR_MS / 2,
    today + 5 * 365 * DAY_MS,
    today + HOUR_MS,
    today + HOUR_MS - 400,
  ]
  let now = 0
  const { log } = start(dir, () => now)
  const tags: string[] = []
  for (const [step, time] of times.entries()) {
    now = time
    for (let i = 0; i < 20; i++) {
      expect(log(`step${step}-${i}`)).toBe(true)
      tags.push(`step${step}-${i}`)
    }
  }
  const toDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
  const numbered = segmentsIn(dir).sort((a, b) => toNumber(a) - toNumber(b))
  // The last step is less than a second back: the clock of events does not go back for that.
  expect(numbered.map((name) => name.slice(7, 17))).toEqual(times.slice(0, 4).map(toDay))
  expect(numbered.flatMap((name) => eventsIn(dir, name)).map(({ comments }) => comments)).toEqual(tags)
  for (const name of numbered)
    expect(eventsIn(dir, name).map(({ created_at }) => created_at.slice(0, 10))).toEqual(
      eventsIn(dir, name).map(() => name.slice(7, 17)),
    )
  for (const name of numbered) {
    const ids = eventsIn(dir, name).map(({ created_at }) => created_at)
    expect(ids).toEqual(ids.toSorted())
  }
  await storeRest(dir, url)
  expect((await storedTags(url)).sort()).toEqual(tags.sort())
})

const toNumber = (name: string): number => Number(/-(\d+)\.jsonl$/.exec(name)?.[1])

function eventsIn(dir: string, name: string): { comments: string; created_at: string }[] {
  return spooledLines(dir, name).map((line) => {
    const parsed = parseLine(Buffer.from(line))
    if (parsed.log !== 'event') throw new Error(`${line} is no event`)
    return { comments: String(parsed.event.comments), created_at: parsed.event.created_at }
  })
}

test('a clock that is set back after the disk refused a line does not make the spool wait for it to come round', () => {
  const dir = createTestFolder()
  let now = Date.now()
  const { log, spool } = start(dir, () => now)
  renameSync(join(dir, 'events'), join(dir, 'away'))
  writeFileSync(join(dir, 'events'), 'in its place')
  expect(log('refused')).toBe(false)
  renameSync(join(dir, 'events'), join(dir, 'file'))
  // Not yet: the disk is tried once a second.
  expect(log('at once')).toBe(false)
  now -= HOUR_MS
  expect(log('an hour back')).toBe(true)
  expect(spool.stats()).toMatchObject({ appended: 1, shed: 2 })
})

const testFaked = fakeTimeLibrary === undefined ? test.skip : test

testFaked(`at midnight a live process begins the file of the next day, and loses nothing${whyNoFakeTime}`, async () => {
  const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
  const midnight = Math.floor(Date.now() / DAY_MS) * DAY_MS
  const { child, tell } = await startApp({ dir, env: startingAt(new Date(midnight - 10_000)) })
  const kept: string[] = []
  await waitUntil(
    async () => {
      kept.push(...(await tell('log', { tag: `m${kept.length}`, count: 5 })))
      return segmentsIn(dir).length === 2
    },
    { what: 'midnight', intervalMs: 100 },
  )
  kept.push(...(await tell('log', { tag: 'next', count: 5 })))
  expect(segmentsIn(dir).map((name) => name.slice(7, 17))).toEqual(
    [midnight - 1, midnight].map((ms) => new Date(ms).toISOString().slice(0, 10)),
  )
  await child.kill('SIGKILL')
  await storeRest(dir, url)
  expect(await storedTags(url)).toEqual(kept)
})
