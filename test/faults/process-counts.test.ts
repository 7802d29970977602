/** What waits is appended minus stored, so a batch that is stored and not counted would wait for ever. */
import { expect, test } from '@jest/globals'
import { DRAIN } from '../../src/config/defaults.ts'
import { createDrain } from '../../src/drain/drain.ts'
import { Fault } from '../../src/event/fault.ts'
import { eventToLine } from '../../src/event/line.ts'
import type { BatchWriter, DrainStatus } from '../../src/event/ports.ts'
import { createSignals } from '../../src/event/signals.ts'
import { createReader } from '../../src/spool/reader.ts'
import { createSpool } from '../../src/spool/spool.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestRefinery } from '../kit/events.ts'
import { createTestFolder } from '../kit/folder.ts'

const TIMES = { ...DRAIN, lingerMs: 1, pollMs: 20, retryMinMs: 1, retryMaxMs: 5 }

interface Situation {
  readonly around?: (writer: BatchWriter) => Partial<BatchWriter>
  /** Counted by a thread before this one. */
  readonly own?: number
  /** Another process has stored everything already. */
  readonly isStored?: boolean
}

/** A spool with five lines, and a drain to a store that keeps nothing but its cursors. */
function start({ around = () => ({}), own = 0, isStored = false }: Situation) {
  const [dir, signals] = [createTestFolder(), createSignals()]
  const spool = createSpool({ dir, mark: 'a', signals, maxBytes: 1e6, durability: 'group', onNotice: () => undefined })
  const refinery = createTestRefinery()
  for (let i = 0; i < 5; i++) spool.append(eventToLine(refinery.seal({ event_type: 'COMMIT' })))
  const reader = createReader({ dir, maxBytes: 1e6 })
  const cursors = new Map(isStored ? reader.list().map(({ name, bytes }) => [name, bytes]) : [])
  const writer: BatchWriter = {
    cursors: async () => new Map(cursors),
    write: async ({ segment, to }) => void cursors.set(segment, to),
    idle: async () => undefined,
    forget: async () => undefined,
    close: async () => undefined,
  }
  let last: DrainStatus | undefined
  const drain = createDrain(
    {
      reader,
      quarantine: { put: () => undefined },
      progress: { load: () => new Map(), save: () => undefined },
      archive: { tidy: async () => [], unpack: async () => undefined },
      open: async () => ({ ...writer, ...around(writer) }),
      onStatus: (status) => {
        last = status
      },
      onAttempt: () => undefined,
      isOwn: () => true,
      own,
    },
    signals,
    TIMES,
  )
  onTestEnd(() => drain.close())
  return { drain, own: () => last?.own }
}

test('a batch whose answer was lost is counted when everything is stored', async () => {
  let lost = 1
  const around = (writer: BatchWriter): Partial<BatchWriter> => ({
    write: async (batch) => {
      await writer.write(batch)
      if (lost-- > 0) throw new Fault('database_unreachable', 'Connection terminated unexpectedly')
    },
  })
  const { drain, own } = start({ around })
  expect(await drain.flush(5_000)).toBe(true)
  expect(lost).toBe(0)
  expect(own()).toBe(5)
})

test('what another process stored while this one stood by is counted when everything is stored', async () => {
  const { drain, own } = start({ isStored: true })
  expect(await drain.flush(5_000)).toBe(true)
  expect(own()).toBe(5)
})

test('lines that were stored by a thread before this one, and were read again, are counted once', async () => {
  const { drain, own } = start({ own: 3 })
  expect(await drain.flush(5_000)).toBe(true)
  expect(own()).toBe(5)
})
