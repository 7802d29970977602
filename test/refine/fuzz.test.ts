/** Anything goes in; what comes out is an event whose line reads back as it was. */

import { isDeepStrictEqual } from 'node:util'
import { expect, test } from '@jest/globals'
import { ERROR_COLUMNS, EVENT_COLUMNS } from '../../src/event/columns.ts'
import type { Draft, ErrorDraft } from '../../src/event/event.ts'
import { parseLine } from '../../src/event/line.ts'
import { createTestRefinery } from '../kit/events.ts'
import { errorToLine, eventToLine } from '../kit/line.ts'
import { createRandom, toAnything } from './random.ts'

/** DAYBOOK's own settings are cleared for tests, so this one has another name. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)
const RUNS = Number(process.env.FUZZ_RUNS ?? 4_000)

const refinery = createTestRefinery()
const OTHER_NAMES = ['timestamp', 'idempotency_key', '__proto__', 'constructor', 'no_such_column', 'error', 'detail']
const NAMES = [...Object.keys(EVENT_COLUMNS), ...Object.keys(ERROR_COLUMNS), ...OTHER_NAMES]

const MAX_LINE_CHARS = 4_000_000

function toDraft(random: (below: number) => number): unknown {
  if (random(50) === 0) return toAnything(random, 3)
  const draft = { event_type: toAnything(random, 1), error: toAnything(random, 4) }
  for (let i = random(12); i > 0; i--) {
    const value = toAnything(random, random(5))
    const key = NAMES[random(NAMES.length)] ?? ''
    Object.defineProperty(draft, key, { value, enumerable: true, configurable: true, writable: true })
  }
  return draft
}

/** Own keys alone: a missing column and one that is undefined are not the same. */
function expectRoundTrip(line: string, event: object): void {
  expect(line.endsWith('\n')).toBe(true)
  expect(line.indexOf('\n')).toBe(line.length - 1)
  expect(line.length).toBeLessThan(MAX_LINE_CHARS)
  const parsed = parseLine(Buffer.from(line.slice(0, -1)))
  if (parsed.log === 'damaged') throw new Error(parsed.reason)
  // Jest takes a member named constructor for a class.
  if (!isDeepStrictEqual(parsed.event, { ...event })) throw new Error(`Read back as ${JSON.stringify(parsed.event)}`)
  expect(line).not.toMatch(/\\u0000|\\ud[89a-f]/i)
}

test(`${RUNS} drafts of anything, seed ${SEED}`, () => {
  for (let run = 0; run < RUNS; run++) {
    const draft = toDraft(createRandom(SEED + run))
    try {
      const event = refinery.seal(draft as Draft)
      expectRoundTrip(eventToLine(event), event)
      if (run % 4 > 0) continue
      const error = refinery.sealError(draft as ErrorDraft)
      expectRoundTrip(errorToLine(error), error)
    } catch (error) {
      throw new Error(`Run it again with FUZZ_SEED=${SEED + run} FUZZ_RUNS=1`, { cause: error })
    }
  }
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
  expect(Object.keys(Object.prototype)).toEqual([])
})

test('the same seed gives the same values', () => {
  const values = (seed: number): string[] => {
    const random = createRandom(seed)
    return Array.from({ length: 100 }, () => {
      const event = refinery.seal({ event_type: 'X', payload: toAnything(random, 4) })
      return JSON.stringify([event.payload]).replaceAll(/"stack":"(?:[^"\\]|\\.)*"/g, '')
    })
  }
  expect(values(SEED)).toEqual(values(SEED))
  expect(values(SEED)).not.toEqual(values(SEED + 1))
})
