/** Who sleeps on appends is woken, whatever comes between the look and the sleep. */
import { afterEach, expect, jest, test } from '@jest/globals'
import { APPENDS, createSignals, ringAppends, untilAppended } from '../../src/event/signals.ts'

const NEVER_MS = 2 ** 31 - 1

afterEach(() => void jest.restoreAllMocks())

test('who sleeps is woken by the next line', async () => {
  const counts = new Int32Array(createSignals())
  const appended = untilAppended(counts, 0, NEVER_MS)
  ringAppends(counts, 1)
  expect(await appended).toBe('ok')
})

test('nobody falls asleep on what is there already', () => {
  const counts = new Int32Array(createSignals())
  ringAppends(counts, 1)
  expect(untilAppended(counts, 0, NEVER_MS)).toBeUndefined()
})

test('nobody falls asleep on what is appended while it falls asleep', () => {
  const counts = new Int32Array(createSignals())
  const { waitAsync } = Atomics
  jest.spyOn(Atomics, 'waitAsync').mockImplementationOnce((...given) => {
    const answer = waitAsync(...given)
    // The app's thread, which saw nobody asleep.
    ringAppends(counts, 1)
    return answer
  })
  expect(untilAppended(counts, 0, NEVER_MS)).toBeUndefined()
  expect(Atomics.load(counts, APPENDS)).toBe(1)
})
