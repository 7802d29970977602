/** Who hears what when, counted in turns of the event loop: how fast the machine is does not matter. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { type Line, SSE } from '../../src/api/live/line.ts'
import { createLive, type LiveOptions } from '../../src/api/live/live.ts'
import { LIVE } from '../../src/config/defaults.ts'
import type { Place } from '../../src/event/place.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createHouse } from './ask.ts'

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await nextTurn()
}

interface Ear {
  /** How many events it has heard. */
  readonly heard: () => number
  readonly isCut: () => boolean
  /** Characters of the longest piece that was written to it. */
  readonly longest: () => number
}

function openLive(options: Partial<LiveOptions> = {}) {
  const { parts, log } = createHouse()
  const live = createLive(parts.feed, parts.onStored, { ...LIVE, ...options })
  return {
    now: async () => (await live.begin(undefined)).place,
    async join(onEvent?: () => void, from?: Place): Promise<Ear> {
      let heard = 0
      let longest = 0
      let isCut = false
      const line: Line = {
        wire: SSE,
        write: (chunk) => {
          const events = String(chunk).match(/^data: /gm)?.length ?? 0
          if (events > 0) onEvent?.()
          longest = Math.max(longest, chunk.length)
          heard += events
        },
        unsent: () => 0,
        drained: async () => undefined,
        end: () => undefined,
        cut: () => {
          isCut = true
        },
        onClose: onTestEnd,
      }
      const start = await live.begin(from)
      void live.give(line, { viewer: { role: 'admin', tenant_id: 'default' }, asked: { filters: {} }, start })
      await turns(5)
      return { heard: () => heard, isCut: () => isCut, longest: () => longest }
    },
    /** Until this one has heard it. */
    async logTo({ heard }: Ear): Promise<void> {
      const before = heard()
      log({ event_type: 'A' })
      while (heard() === before) await nextTurn()
    },
  }
}

test('who came first hears on while hundreds are told, and who came last is not left out for it', async () => {
  const { join, logTo } = openLive()
  const first = await join()
  for (let i = 0; i < 500; i++) await join()
  const last = await join()
  while (last.heard() === 0 && first.heard() < 200) await logTo(first)
  expect(first.heard()).toBeGreaterThan(10)
  expect(last.heard()).toBeGreaterThan(0)
  await turns(1_000)
  expect(last.heard()).toBe(first.heard())
})

test('who can not be written to is cut off, and the others hear on', async () => {
  const { join, logTo } = openLive()
  const broken = await join(() => {
    throw new Error('The host has wrapped what writes.')
  })
  const other = await join()
  await logTo(other)
  expect([broken.isCut(), other.isCut()]).toEqual([true, false])
})

test('who has missed much is given it a page at a time, and not all at once', async () => {
  const { now, join, logTo } = openLive({ budgetBytes: 2_000, pageRows: 3 })
  const from = await now()
  const first = await join()
  for (let n = 0; n < 40; n++) await logTo(first)
  const late = await join(undefined, from)
  while (late.heard() < first.heard()) await nextTurn()
  expect(late.longest()).toBeLessThanOrEqual(2_000)
  await logTo(first)
  while (late.heard() < first.heard()) await nextTurn()
  expect([late.heard(), late.isCut()]).toEqual([41, false])
})
