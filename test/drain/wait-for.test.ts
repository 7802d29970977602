import { afterEach, expect, jest, test } from '@jest/globals'
import { waitFor } from '../../src/drain/wait-for.ts'

afterEach(() => void jest.useRealTimers())

test('who waits without an end is told when it is done', async () => {
  jest.useFakeTimers()
  const waiters = new Set<() => void>()
  let isDone = false
  const waiting = waitFor(() => isDone, waiters, Number.POSITIVE_INFINITY)
  jest.advanceTimersByTime(86_400_000)
  isDone = true
  for (const wake of waiters) wake()
  expect(await waiting).toBe(true)
})
