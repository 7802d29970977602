import { expect, jest, test } from '@jest/globals'
import { createCaches } from '../../src/capture/caches.ts'
import { createEventLogger } from '../../src/capture/logger.ts'
import { startSamples } from '../../src/capture/samples.ts'
import { createRecorder } from './recorder.ts'

test('caches are counted by name, with the share of what they had', () => {
  const caches = createCaches()
  const logger = createEventLogger(createRecorder(), undefined, caches)
  for (let n = 0; n < 3; n++) logger.cacheHit('users')
  logger.cacheMiss('users')
  logger.cacheMiss('__proto__')
  expect(caches.tally()).toEqual({
    users: { hits: 3, misses: 1, ratio: 0.75 },
    ['__proto__']: { hits: 0, misses: 1, ratio: 0 },
  })
})

test('names made of keys do not fill the memory', () => {
  const caches = createCaches()
  for (let n = 0; n < 5_000; n++) caches.hit(`user ${n}`)
  const tally = caches.tally()
  expect(Object.keys(tally)).toHaveLength(101)
  expect(tally.other?.hits).toBe(4_900)
})

test('each interval has an event with what was used and asked in it, until it is ended', () => {
  jest.useFakeTimers({ doNotFake: ['performance'] })
  try {
    const recorder = createRecorder()
    const caches = createCaches()
    const end = startSamples(createEventLogger(recorder, undefined, caches), { everyMs: 60_000, caches })
    caches.hit('tokens')
    caches.miss('tokens')
    caches.hit('pages')
    jest.advanceTimersByTime(60_000)
    caches.hit('tokens')
    jest.advanceTimersByTime(60_000)
    end()
    jest.advanceTimersByTime(600_000)
    expect(recorder.events).toMatchObject([
      {
        event_type: 'SYSTEM_METRICS',
        category: 'system_management',
        actor_type: 'system',
        payload: {
          memory: { rss_bytes: expect.any(Number), heap_used_bytes: expect.any(Number) },
          cpu: { user_ms: expect.any(Number), system_ms: expect.any(Number), share: expect.any(Number) },
          caches: [
            { cache: 'tokens', hits: 1, misses: 1, ratio: 0.5 },
            { cache: 'pages', hits: 1, misses: 0, ratio: 1 },
          ],
        },
      },
      { payload: { caches: [{ cache: 'tokens', hits: 1, misses: 0, ratio: 1 }] } },
    ])
  } finally {
    jest.useRealTimers()
  }
})
