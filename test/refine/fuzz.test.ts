/** Anything goes in; what comes out is an event whose line reads back as it was. */

import { expect, test } from '@jest/globals'
import type { Draft, ErrorDraft } from '../../src/event/event.ts'
import { createTestRefinery } from '../kit/events.ts'
import { errorToLine, eventToLine } from '../kit/line.ts'
import { assertRoundTrip, toAnyDraft } from './any-draft.ts'
import { createRandom, toAnything } from './random.ts'

/** DAYBOOK's own settings are cleared for tests, so this one has another name. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)
const RUNS = Number(process.env.FUZZ_RUNS ?? 4_000)

const refinery = createTestRefinery()

test(`${RUNS} drafts of anything, seed ${SEED}`, () => {
  for (let run = 0; run < RUNS; run++) {
    const draft = toAnyDraft(createRandom(SEED + run))
    try {
      const event = refinery.seal(draft as Draft)
      assertRoundTrip(eventToLine(event), event)
      if (run % 4 > 0) continue
      const error = refinery.sealError(draft as ErrorDraft)
      assertRoundTrip(errorToLine(error), error)
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
