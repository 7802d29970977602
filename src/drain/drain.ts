/**
 * Moves lines from segments to the store, oldest first, each once: the cursor moves in the transaction of its rows.
 *
 *     state      entered when                          left when
 *     starting   the thread begins                     the store is open → idle · it can't be → waiting
 *     idle       every line is stored                  a line is appended → draining
 *     draining   there are lines to store              none are left → idle · the store fails → waiting
 *     waiting    the store can't be used               a wait has passed → starting or draining
 *     standby    another process holds the folder      it has gone → starting
 *     stopping   close() was called                    the batch under way has ended → stopped
 */
import { Fault, toReason } from '../event/fault.ts'
import type {
  Batch,
  BatchWriter,
  Chunk,
  DrainState,
  DrainStatus,
  Quarantine,
  SegmentInfo,
  SegmentLine,
  SegmentReader,
} from '../event/ports.ts'
import { createBackoff } from './backoff.ts'
import { createBell } from './bell.ts'

export interface DrainParts {
  readonly reader: SegmentReader
  readonly quarantine: Quarantine
  /** Opens the store; rejects with a Fault while it can't be used. */
  readonly open: () => Promise<BatchWriter>
  readonly onStatus: (status: DrainStatus) => void
}

export interface DrainTimes {
  readonly lingerMs: number
  readonly pollMs: number
  readonly retryMinMs: number
  readonly retryMaxMs: number
}

export interface Drain {
  /** Resolves true when all lines that are on disk now are stored; false when the time is over first. */
  flush(timeoutMs: number): Promise<boolean>
  /** Ends after the batch under way. The same promise every time. */
  close(): Promise<void>
}

export function createDrain(parts: DrainParts, bell: SharedArrayBuffer, times: DrainTimes): Drain {
  const { reader, quarantine, onStatus } = parts
  const rings = createBell(bell)
  const backoff = createBackoff(times.retryMinMs, times.retryMaxMs)
  const cursors = new Map<string, number>()
  /** Sizes at which a segment had no whole line left: its tail is torn or still being written. */
  const tails = new Map<string, number>()
  const waiters = new Set<() => void>()
  let state: DrainState = 'starting'
  let reason: string | null = null
  let stored = 0
  let quarantined = 0
  let isClosing = false

  const toWaitingBytes = (): number =>
    reader
      .list()
      .reduce((sum, { name, bytes }) => sum + (tails.get(name) === bytes ? 0 : bytes - (cursors.get(name) ?? 0)), 0)

  const enter = (next: DrainState, why: string | null = null): void => {
    state = next
    reason = why
    onStatus({ state, stored, quarantined, waiting_bytes: toWaitingBytes(), reason })
    for (const check of waiters) check()
  }

  const hasLines = ({ name, bytes }: SegmentInfo): boolean =>
    bytes > (cursors.get(name) ?? 0) && tails.get(name) !== bytes

  const nextChunk = (): Chunk | undefined => {
    for (const segment of reader.list().filter(hasLines)) {
      const chunk = reader.read(segment.name, cursors.get(segment.name) ?? 0)
      if (chunk) return chunk
      tails.set(segment.name, segment.bytes)
    }
    return undefined
  }

  const put = (segment: string, at: number, bytes: Buffer, why: string): void => {
    quarantine.put({ segment, at, bytes, reason: why })
    quarantined++
  }

  const storeChunk = async (writer: BatchWriter, chunk: Chunk): Promise<void> => {
    for (const { at, bytes, reason: why } of chunk.damaged) put(chunk.segment, at, bytes, why)
    await storeLines(writer, chunk)
  }

  // A refused row is found by halving: the rest of its batch is stored, and it waits in quarantine with the reason.
  const storeLines = async (writer: BatchWriter, { segment, from, to, lines }: Lines): Promise<void> => {
    try {
      await writer.write(toBatch({ segment, from, to, lines }))
      stored += lines.length
      cursors.set(segment, to)
    } catch (error) {
      if (!isOfTheRows(error) || lines.length === 0) throw error
      const [only] = lines
      if (lines.length === 1 && only) {
        put(segment, only.at, Buffer.from(JSON.stringify(only.parsed.event)), toReason(error))
        return storeLines(writer, { segment, from, to, lines: [] })
      }
      const half = lines.slice(0, Math.ceil(lines.length / 2))
      const border = half.at(-1)?.end ?? to
      await storeLines(writer, { segment, from, to: border, lines: half })
      await storeLines(writer, { segment, from: border, to, lines: lines.slice(half.length) })
    }
  }

  const drainAll = async (writer: BatchWriter): Promise<void> => {
    for (let chunk = nextChunk(); chunk && !isClosing; chunk = nextChunk()) {
      if (state !== 'draining') enter('draining')
      await storeChunk(writer, chunk)
      backoff.reset()
      enter('draining')
    }
  }

  const openAndDrain = async (): Promise<void> => {
    if (isClosing) return
    const writer = await parts.open()
    try {
      for (;;) {
        cursors.clear()
        for (const [segment, next] of await writer.cursors()) cursors.set(segment, next)
        await drainUntilFault(writer)
        if (isClosing) return
      }
    } finally {
      await writer.close().catch(() => undefined)
    }
  }

  const drainUntilFault = async (writer: BatchWriter): Promise<void> => {
    try {
      while (!isClosing) {
        await drainAll(writer)
        if (isClosing) return
        enter('idle')
        await writer.idle()
        await rings.wait(times.pollMs)
        if (rings.rang() && !isClosing) await rings.pause(times.lingerMs)
      }
    } catch (error) {
      enter('waiting', toReason(error))
      await rings.pause(backoff.next())
    }
  }

  const run = async (): Promise<void> => {
    while (!isClosing) {
      try {
        await openAndDrain()
      } catch (error) {
        enter(isElsewhere(error) ? 'standby' : 'waiting', toReason(error))
        await rings.pause(backoff.next())
      }
    }
    enter('stopped')
  }
  const ended = run()

  return {
    flush: (timeoutMs) => {
      rings.ring()
      return waitFor(() => state === 'idle' && toWaitingBytes() === 0, waiters, timeoutMs)
    },
    close: () => {
      if (!isClosing) enter('stopping')
      isClosing = true
      rings.ring()
      return ended
    },
  }
}

interface Lines {
  readonly segment: string
  readonly from: number
  readonly to: number
  readonly lines: readonly SegmentLine[]
}

function toBatch({ segment, from, to, lines }: Lines): Batch {
  const events: Batch['events'][number][] = []
  const errors: Batch['errors'][number][] = []
  for (const { parsed } of lines) {
    if (parsed.log === 'event') events.push(parsed.event)
    else errors.push(parsed.event)
  }
  return { segment, from, to, events, errors }
}

/** Waiting would not help: one of the rows is refused, or is lost without a word. Everything else is waited out. */
const isOfTheRows = (error: unknown): boolean =>
  error instanceof Fault && (error.policy === 'poison' || error.code === 'rows_missing')

const isElsewhere = (error: unknown): boolean => error instanceof Fault && error.code === 'database_elsewhere'

function waitFor(isDone: () => boolean, waiters: Set<() => void>, timeoutMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const settle = (done: boolean): void => {
    clearTimeout(timer)
    waiters.delete(check)
    resolve(done)
  }
  const check = (): void => {
    if (isDone()) settle(true)
  }
  const timer = setTimeout(() => settle(false), timeoutMs)
  waiters.add(check)
  check()
  return promise
}
