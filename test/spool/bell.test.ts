/** Who appends wakes the drain; it does not wait for its next look at the folder. */
import { setImmediate } from 'node:timers/promises'
import { test } from '@jest/globals'
import { DRAIN } from '../../src/config/defaults.ts'
import { createDrain } from '../../src/drain/drain.ts'
import { createSignals } from '../../src/event/signals.ts'
import { createReader } from '../../src/spool/reader.ts'
import { createSpool } from '../../src/spool/spool.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestRefinery } from '../kit/events.ts'
import { createTestFolder } from '../kit/folder.ts'
import { eventToLine } from '../kit/line.ts'

const NEVER_MS = 2 ** 31 - 1

test('what is appended while the drain sleeps is stored, however late its next look would be', async () => {
  const [dir, signals] = [createTestFolder(), createSignals()]
  const spool = createSpool({ dir, mark: 'a', signals, maxBytes: 1e6, durability: 'group', onNotice: () => undefined })
  const [idle, written] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const drain = createDrain(
    {
      reader: createReader({ dir, maxBytes: 1e6 }),
      quarantine: { put: () => undefined },
      progress: { load: () => new Map(), save: () => undefined },
      archive: {
        tidy: async () => {
          idle.resolve()
          return []
        },
        unpack: async () => undefined,
      },
      open: async () => ({
        aimMs: 250,
        cursors: async () => new Map(),
        write: async () => written.resolve(),
        idle: async () => undefined,
        forget: async () => undefined,
        close: async () => undefined,
      }),
      onStatus: () => undefined,
      onAttempt: () => undefined,
      isOwn: () => true,
    },
    signals,
    { ...DRAIN, pollMs: NEVER_MS },
  )
  onTestEnd(() => drain.close())
  await idle.promise
  // Then it sleeps: it only tidies up before.
  await setImmediate()
  spool.append(eventToLine(createTestRefinery().seal({ event_type: 'COMMIT' })))
  await written.promise
})
