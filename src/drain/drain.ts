/**
 * Moves lines from segments to the store, oldest first, each once: the cursor moves in the transaction of its rows.
 *
 *     state      entered when                          left when
 *     starting   the thread begins                     the store is open → draining · it can't be → waiting, standby
 *     idle       every line is stored                  a line is appended → draining
 *     draining   there are lines to store              none are left → idle · the store fails → waiting
 *     waiting    the store can't be used               a wait has passed → draining, or still waiting
 *     standby    another process drains the folder     it has gone → draining
 *     stopping   close() was called                    the batch under way has ended → stopped
 */
import { Fault, toReason } from '../event/fault.ts'
import type { BatchWriter, DrainState, DrainStatus } from '../event/ports/drain.ts'
import type { Archive, Chunk, DamagedLine, Progress, Quarantine, SegmentReader } from '../event/ports/spool.ts'
import { APPENDS, BYTES, SEEN_BYTES, type Signals } from '../event/signals.ts'
import { createBacklog } from './backlog.ts'
import { createBackoff } from './backoff.ts'
import { createBell } from './bell.ts'
import { createPace } from './pace.ts'
import { type Attempt, type StoreHooks, type Suspect, storeLines, storeSuspects } from './store-lines.ts'
import { waitFor } from './wait-for.ts'

export interface DrainParts {
  readonly reader: SegmentReader
  readonly quarantine: Quarantine
  readonly progress: Progress
  readonly archive: Archive
  /** Opens the store; rejects with a Fault while it can't be used. */
  readonly open: () => Promise<BatchWriter>
  readonly onStatus: (status: DrainStatus) => void
  readonly onAttempt: (attempt: Suspect) => void
  readonly onNotice?: (line: string) => void
  /** Whether this event log has written a segment itself. */
  readonly isOwn: (segment: string) => boolean
  /** How many own lines threads before this one have stored. */
  readonly own?: number
  /** What hung the thread before this one. */
  readonly suspect?: Suspect | undefined
}

export interface DrainTimes {
  readonly minLines: number
  readonly batchLines: number
  readonly maxLines: number
  readonly lingerMs: number
  readonly pollMs: number
  readonly retryMinMs: number
  readonly retryMaxMs: number
  readonly tidyMs: number
}

export interface Drain {
  /** Resolves true when all lines that are on disk now are stored; false when the time is over first. */
  flush(timeoutMs: number): Promise<boolean>
  /** Ends after the batch under way. The same promise every time. */
  close(): Promise<void>
}

export function createDrain(parts: DrainParts, signals: Signals, times: DrainTimes): Drain {
  const { reader, quarantine, archive, onStatus, onAttempt, isOwn, suspect } = parts
  const counters = new Int32Array(signals)
  const list: SegmentReader['list'] = () => {
    // As many as before the look: what comes meanwhile is rather counted twice than not.
    const bytes = Atomics.load(counters, BYTES)
    const found = reader.list()
    Atomics.store(counters, SEEN_BYTES, bytes)
    return found
  }
  const backlog = createBacklog({ ...reader, list }, parts.progress)
  const bell = createBell(signals)
  const backoff = createBackoff(times.retryMinMs, times.retryMaxMs)
  const pace = createPace(times.minLines, times.batchLines, times.maxLines)
  const waiters = new Set<() => void>()
  let state: DrainState = 'starting'
  let reason: string | null = null
  let stored = 0
  let quarantined = 0
  let own = parts.own ?? 0
  let oldest: string | null = null
  let batch_ms = 0
  let passes = 0
  let tidyAtMs = 0
  let isClosing = false

  const enter = (next: DrainState, why: string | null = null): void => {
    state = next
    reason = why
    const waiting_bytes = backlog.waitingBytes()
    const oldest_waiting = waiting_bytes > 0 ? oldest : null
    onStatus({ state, stored, quarantined, own, waiting_bytes, oldest_waiting, batch_ms, reason })
    for (const check of waiters) check()
  }

  const hooks: StoreHooks = {
    onAttempt: (next) => {
      attempt = next
      onAttempt({ ...next, isFirst: attempts++ === 0 })
    },
    onStored: (segment, next, lines) => {
      attempt = undefined
      stored += lines
      if (isOwn(segment)) own += lines
      backlog.moveTo(segment, next)
    },
    onRefused: (segment, { at, raw }, reason) => setAside(segment, { at, reason, bytes: raw }),
  }

  /** Before the cursor passes it, and once: a batch that is tried again has its refused lines again. */
  const setAside = (segment: string, line: DamagedLine): void => {
    const place = `${segment} ${line.at}`
    if (aside.has(place)) return
    quarantine.put({ ...line, segment })
    aside.add(place)
    quarantined++
    if (isOwn(segment)) own++
  }
  /** Of the chunk under way, which may be tried again. */
  const aside = new Set<string>()

  const storeChunk = async (writer: BatchWriter, chunk: Chunk): Promise<void> => {
    const began = performance.now()
    oldest = chunk.lines[0]?.parsed.event.created_at ?? oldest
    for (const line of chunk.damaged) setAside(chunk.segment, line)
    const isSuspect = suspect?.segment === chunk.segment && suspect.from < chunk.to && suspect.to > chunk.from
    if (isSuspect) await storeSuspects(writer, chunk, suspect, hooks)
    else await storeLines(writer, chunk, hooks)
    aside.clear()
    batch_ms = performance.now() - began
    pace.took(chunk.lines.length, batch_ms, writer.aimMs)
  }

  const drainAll = async (writer: BatchWriter): Promise<void> => {
    backlog.refresh()
    for (let chunk = backlog.next(pace.lines()); chunk && !isClosing; chunk = backlog.next(pace.lines())) {
      await storeChunk(writer, chunk)
      backoff.reset()
      backlog.measure(times.pollMs)
      enter('draining')
    }
    backlog.save()
  }

  /** Everything that is on disk when a pass begins is stored when it ends in `idle`. */
  const pass = async (writer: BatchWriter): Promise<void> => {
    const number = ++passes
    const appends = Atomics.load(counters, APPENDS)
    await drainAll(writer)
    if (isClosing) return
    settle(appends)
    done = number
    enter('idle')
    await writer.idle()
    await tidy(writer)
    await bell.wait(times.pollMs)
    if (bell.rang() && !isClosing) await bell.pause(times.lingerMs)
  }
  let done = 0

  // By now all that was appended is stored: also what was counted by nobody, as when the answer to a commit was lost or
  // another process stored it. The difference is right even after the counter, of 32 bits, has begun again.
  const settle = (appends: number): void => {
    own += (appends - own) | 0
  }

  const tidy = async (writer: BatchWriter): Promise<void> => {
    if (performance.now() < tidyAtMs) return
    tidyAtMs = performance.now() + times.tidyMs
    const gone = await archive.tidy(backlog.cursors())
    if (gone.length > 0) await writer.forget(gone)
  }

  // When the answer to its commit was lost, the database tells whether the last batch is stored.
  const learn = (cursors: ReadonlyMap<string, number>): void => {
    if (attempt && (cursors.get(attempt.segment) ?? 0) >= attempt.to)
      hooks.onStored(attempt.segment, attempt.to, attempt.lines)
    attempt = undefined
  }
  let attempt: Attempt | undefined
  let attempts = 0

  // Their rows that are stored already are passed over.
  const startOver = async (writer: BatchWriter, segments: readonly string[]): Promise<void> => {
    if (segments.length === 0) return
    await writer.forget(segments)
    parts.onNotice?.(
      `Daybook: the database's cursor of ${segments.join(', ')} is at no line; what it lacks of it is stored again.`,
    )
  }

  const drainUntilFault = async (writer: BatchWriter): Promise<void> => {
    const cursors = await writer.cursors()
    learn(cursors)
    await archive.unpack(cursors)
    await startOver(writer, backlog.reset(cursors))
    while (!isClosing) await pass(writer)
  }

  /** Ends with a wait: what failed is tried again, over the same connections or, when opening failed, from the start. */
  const waitOut = async (error: unknown): Promise<void> => {
    if (error instanceof Fault && error.code === 'database_slow') pace.stalled()
    oldest = backlog.recount()
    enter(error instanceof Fault && error.code === 'database_elsewhere' ? 'standby' : 'waiting', toReason(error))
    await bell.pause(backoff.next())
  }

  const openAndDrain = async (): Promise<void> => {
    const writer = await parts.open()
    try {
      while (!isClosing)
        await drainUntilFault(writer).catch((error: unknown) => {
          // Only who opens it can leave it to a later release.
          if (error instanceof Fault && error.code === 'schema_too_new') throw error
          return waitOut(error)
        })
    } finally {
      await writer.close().catch(() => undefined)
    }
  }

  const run = async (): Promise<void> => {
    while (!isClosing) {
      try {
        backlog.recall()
        oldest = backlog.recount()
        enter(state, reason)
        await openAndDrain()
      } catch (error) {
        await waitOut(error)
      }
    }
    enter('stopped')
  }
  const ended = run()

  return {
    flush(timeoutMs) {
      const wanted = passes + 1
      bell.ring()
      return waitFor(() => done >= wanted && state === 'idle', waiters, timeoutMs)
    },
    close() {
      if (!isClosing) enter('stopping')
      isClosing = true
      bell.ring()
      return ended
    },
  }
}
