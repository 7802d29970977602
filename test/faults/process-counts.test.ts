/** What waits is appended minus stored, so a batch that is stored and not counted would wait for ever. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { DRAIN } from '../../src/config/defaults.ts'
import { createDrain } from '../../src/drain/drain.ts'
import { Fault } from '../../src/event/fault.ts'
import type { BatchWriter, DrainStatus } from '../../src/event/ports/drain.ts'
import { createSignals } from '../../src/event/signals.ts'
import { createReader } from '../../src/spool/reader.ts'
import { createSpool } from '../../src/spool/spool.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestRefinery } from '../kit/events.ts'
import { createTestFolder } from '../kit/folder.ts'
import { eventToLine } from '../kit/line.ts'
import { waitUntil } from '../kit/wait-until.ts'

const TIMES = { ...DRAIN, lingerMs: 1, pollMs: 20, retryMinMs: 1, retryMaxMs: 5 }

interface Situation {
  readonly around?: (writer: BatchWriter) => Partial<BatchWriter>
  /** Counted by a thread before this one. */
  readonly own?: number
  /** Another process has stored everything already. */
  readonly isStored?: boolean
  readonly open?: () => Promise<BatchWriter>
  readonly save?: () => void
  readonly tidy?: () => void
}

/** A spool with five lines, and a drain to a store that keeps nothing but its cursors. */
function start(situation: Situation) {
  const {
    around = () => ({}),
    own = 0,
    isStored = false,
    open,
    save = () => undefined,
    tidy = () => undefined,
  } = situation
  const [dir, signals] = [createTestFolder(), createSignals()]
  const spool = createSpool({ dir, mark: 'a', signals, maxBytes: 1e6, durability: 'group', onNotice: () => undefined })
  const refinery = createTestRefinery()
  const append = (): string => {
    const event = refinery.seal({ event_type: 'COMMIT' })
    spool.append(eventToLine(event))
    return event.created_at
  }
  for (let i = 0; i < 5; i++) append()
  const reader = createReader({ dir, maxBytes: 1e6 })
  const cursors = new Map(isStored ? reader.list().map(({ name, bytes }) => [name, bytes]) : [])
  const writer: BatchWriter = {
    aimMs: 250,
    cursors: async () => new Map(cursors),
    write: async ({ segment, to }) => void cursors.set(segment, to),
    idle: async () => undefined,
    forget: async () => undefined,
    close: async () => undefined,
  }
  const seen: DrainStatus[] = []
  const drain = createDrain(
    {
      reader,
      quarantine: { put: () => undefined },
      progress: { load: () => new Map(), save },
      archive: {
        tidy: async () => {
          tidy()
          return []
        },
        unpack: async () => undefined,
      },
      open: open ?? (async () => ({ ...writer, ...around(writer) })),
      onStatus: (status) => seen.push(status),
      onAttempt: () => undefined,
      isOwn: () => true,
      own,
    },
    signals,
    TIMES,
  )
  onTestEnd(() => drain.close())
  const last = (): DrainStatus | undefined => seen.at(-1)
  return { drain, append, bytes: () => spool.stats().bytes, seen, last, own: () => last()?.own }
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
  expect(await drain.flush(60_000)).toBe(true)
  expect(lost).toBe(0)
  expect(own()).toBe(5)
})

test('what another process stored while this one stood by is counted when everything is stored', async () => {
  const { drain, own } = start({ isStored: true })
  expect(await drain.flush(60_000)).toBe(true)
  expect(own()).toBe(5)
})

test('lines that were stored by a thread before this one, and were read again, are counted once', async () => {
  const { drain, own } = start({ own: 3 })
  expect(await drain.flush(60_000)).toBe(true)
  expect(own()).toBe(5)
})

test('what is logged in an outage counts as waiting from then on, with its age', async () => {
  let isDown = false
  const outage = async (): Promise<never> => {
    throw new Fault('database_unreachable', 'connect ECONNREFUSED')
  }
  const { drain, append, bytes, last } = start({
    around: (writer) => ({
      cursors: () => (isDown ? outage() : writer.cursors()),
      write: (batch) => (isDown ? outage() : writer.write(batch)),
    }),
  })
  expect(await drain.flush(60_000)).toBe(true)
  const before = bytes()
  isDown = true
  const oldest = append()
  for (let i = 0; i < 4; i++) append()
  await waitUntil(() => last()?.state === 'waiting' && last()?.waiting_bytes === bytes() - before, {
    what: 'five lines to count as waiting',
  })
  // More than one retry later, with more that waits.
  append()
  await waitUntil(() => last()?.waiting_bytes === bytes() - before, { what: 'the sixth' })
  expect(last()?.oldest_waiting).toBe(oldest)
})

test('what waits is known before the database has answered, as it may never do so', async () => {
  const { promise, reject } = Promise.withResolvers<BatchWriter>()
  const { bytes, last } = start({ open: () => promise })
  // Before the drain is closed, which waits for it.
  onTestEnd(() => reject(new Error('the test is over')))
  await waitUntil(() => last()?.waiting_bytes === bytes(), { what: 'the first status' })
  expect(last()?.state).toBe('starting')
})

test('what is logged while a long backlog is stored counts as waiting too', async () => {
  let late = 0
  const { drain, append, bytes, seen } = start({
    around: (writer) => ({
      write: async (batch) => {
        if (late++ === 0) append()
        await sleep(TIMES.pollMs * 2)
        await writer.write(batch)
      },
    }),
  })
  expect(await drain.flush(60_000)).toBe(true)
  expect(seen.find(({ state }) => state === 'draining')?.waiting_bytes).toBe(bytes() / 6)
})

test('a full disk, on which the progress can not be saved, keeps nothing from being stored, packed or deleted', async () => {
  let tidied = 0
  const save = (): never => {
    throw new Error('ENOSPC: no space left on device, write')
  }
  const { drain, last } = start({ save, tidy: () => tidied++ })
  expect(await drain.flush(60_000)).toBe(true)
  expect(last()?.state).toBe('idle')
  await waitUntil(() => tidied > 0, { what: 'the folder to be tidied' })
})
