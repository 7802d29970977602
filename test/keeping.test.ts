/** What of an app's events reaches the spool. */
import { expect, test } from '@jest/globals'
import type { RequestDraft } from '../src/event/event.ts'
import { createSignals } from '../src/event/signals.ts'
import { createSink } from '../src/keeping.ts'
import { createSpool } from '../src/spool/spool.ts'
import { createTestRefinery, PLAIN_REQUEST } from './kit/events.ts'
import { createTestFolder } from './kit/folder.ts'

const FAILED: RequestDraft = { ...PLAIN_REQUEST, status: 'failure', status_code: 404, error_code: 'HTTP_404' }

const openSpool = () =>
  createSpool({
    ...{ dir: createTestFolder(), mark: 'test', signals: createSignals(), maxBytes: 1_000_000 },
    ...{ durability: 'group', onNotice: () => undefined },
  })

test.each([
  ['debug', 2],
  ['info', 2],
  ['warning', 1],
  ['error', 0],
] as const)('with minSeverity %s, %d of a request that went well and one that failed', (minSeverity, kept) => {
  const spool = openSpool()
  const sink = createSink(createTestRefinery(), spool, minSeverity)
  // Twice: what was kept of the first must not let the second pass.
  for (const draft of [PLAIN_REQUEST, FAILED, PLAIN_REQUEST, FAILED])
    expect(sink.request(draft)).toMatchObject({ id: expect.any(String), created_at: expect.any(String) })
  expect(spool.stats()).toMatchObject({ appended: 2 * kept, shed: 0 })
  spool.close()
})

test('a request whose event can not be kept is counted', () => {
  const spool = openSpool()
  spool.close()
  const sink = createSink(createTestRefinery(), spool, 'debug')
  expect(sink.request(PLAIN_REQUEST)).toBeUndefined()
  expect(spool.stats()).toMatchObject({ appended: 0, shed: 1 })
})
