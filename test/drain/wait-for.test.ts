import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { waitFor } from '../../src/drain/wait-for.ts'

test('who waits without an end is told when it is done', async () => {
  const waiters = new Set<() => void>()
  let isDone = false
  const waiting = waitFor(() => isDone, waiters, Number.POSITIVE_INFINITY)
  // A timer that can't be set for that long would have ended before this one.
  await sleep(5)
  isDone = true
  for (const wake of waiters) wake()
  expect(await waiting).toBe(true)
})
