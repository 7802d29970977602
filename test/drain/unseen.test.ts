import { expect, test } from '@jest/globals'
import { DRAIN } from '../../src/config/defaults.ts'
import { createDrain } from '../../src/drain/drain.ts'
import { Fault } from '../../src/event/fault.ts'
import { createSignals } from '../../src/event/signals.ts'
import { createArchive } from '../../src/spool/archive.ts'
import { createProgress } from '../../src/spool/progress.ts'
import { createQuarantine } from '../../src/spool/quarantine.ts'
import { createReader } from '../../src/spool/reader.ts'
import { createSpool } from '../../src/spool/spool.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestFolder } from '../kit/folder.ts'

test('what is logged while the drain looks at what waits takes of the room that there is', async () => {
  const [dir, signals] = [createTestFolder(), createSignals()]
  const spool = createSpool({
    ...{ dir, mark: '1-0a', signals, maxBytes: 2_000, durability: 'group' },
    onNotice: () => undefined,
  })
  onTestEnd(() => spool.close())
  const log = (): boolean => spool.append(`${'x'.repeat(99)}\n`)
  log()
  const reader = createReader({ dir, maxBytes: DRAIN.batchBytes })
  const list: typeof reader.list = () => {
    const found = reader.list()
    log()
    return found
  }
  const told = Promise.withResolvers<void>()
  const drain = createDrain(
    {
      reader: { ...reader, list },
      quarantine: createQuarantine(dir),
      progress: createProgress(dir),
      archive: createArchive({ dir, compressAfterDays: 7, deleteAfterDays: 30 }),
      open: () => Promise.reject(new Fault('database_unreachable', 'It is away.')),
      onStatus: ({ waiting_bytes }) => {
        spool.setBacklog(waiting_bytes)
        told.resolve()
      },
      onAttempt: () => undefined,
      isOwn: () => true,
    },
    signals,
    DRAIN,
  )
  onTestEnd(() => drain.close())
  await told.promise
  while (log());
  expect(spool.stats().bytes).toBe(2_000)
})
