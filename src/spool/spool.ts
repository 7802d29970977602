/**
 * The disk buffer. One synchronous write per event: when `append` returns true the line is with the kernel, and the end
 * of this process can't take it back. What can't be kept is shed by one rule: the newest event goes, those on disk stay.
 * Each is counted, and an episode of shedding is said once when it begins and once when it ends.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { toReason } from '../event/fault.ts'
import type { Spool } from '../event/ports/spool.ts'
import { BYTES, ROLLS, ringAppends, SEGMENTS, SHED, type Signals, unseenBytes } from '../event/signals.ts'
import { makeFolder } from './folder.ts'
import { createGather, type Gather, toLines } from './gather.ts'
import { toEventsDir, toSegmentName, toUtcDay } from './layout.ts'
import { createSegment, type Segment } from './segment.ts'

export interface SpoolOptions {
  readonly dir: string
  /** Tells this event log from others of the process and of earlier ones. */
  readonly mark: string
  readonly signals: Signals
  /** Bytes that may wait for the database, of all processes on the folder. */
  readonly maxBytes: number
  /** A segment of so many takes no more lines, as long as another one can be begun. */
  readonly maxSegmentBytes?: number
  /** strict: `append` waits for the disk itself. With the others the thread that syncs does so a moment later. */
  readonly durability: 'relaxed' | 'group' | 'strict'
  readonly onNotice: (line: string) => void
  readonly nowMs?: () => number
}

/** After a failure the disk is tried again this much later. */
const RETRY_MS = 1_000
/** So often is looked whether the file is still there. The thread that syncs looks more often. */
const LOOK_MS = 1_000
const DAY_MS = 86_400_000
/** Packed, a file tells of its length only the lower 32 bits; and one of these can still be read whole. */
const SEGMENT_BYTES = 268_435_456
/** Written at once at most. */
const GATHER_BYTES = 131_072

/** Throws Fault `folder_unusable` when the folder can't be made. */
export function createSpool(options: SpoolOptions): Spool {
  const { dir, mark, maxBytes, maxSegmentBytes = SEGMENT_BYTES, durability, onNotice, nowMs = Date.now } = options
  const eventsDir = toEventsDir(dir)
  makeFolder(dir, eventsDir)
  const signals = new Int32Array(options.signals)
  const isStrict = durability === 'strict'
  let segment: Segment | undefined
  let segments = 0
  let rolls = 0
  let rolloverMs = 0
  let retryMs = 0
  let lookMs = 0
  let appended = 0
  let shed = 0
  let shedInEpisode = 0
  let bytes = 0
  let backlog = 0
  let lastFault: string | null = null
  let isClosed = false
  let isTold = false
  let isSaying = false
  let gather: Gather | undefined
  let gathering: Gather | undefined

  /** A host may log what it hears. What comes of that is not said in its turn, or it would never end. */
  const say = (line: string): boolean => {
    if (isSaying) return false
    isSaying = true
    try {
      onNotice(line)
      return true
    } finally {
      isSaying = false
    }
  }

  const roll = (now: number): Segment => {
    mkdirSync(eventsDir, { recursive: true, mode: 0o700 })
    const name = toSegmentName(toUtcDay(now), mark, ++segments)
    const fresh = createSegment(join(eventsDir, name))
    drop()
    segment = fresh
    Atomics.add(signals, SEGMENTS, 1)
    lookMs = now
    rolls = Atomics.load(signals, ROLLS)
    rolloverMs = (Math.floor(now / DAY_MS) + 1) * DAY_MS
    return fresh
  }

  /** After a failure. A clock that was set back must not make the wait longer. */
  const isTooSoon = (now: number): boolean => now < retryMs && now >= retryMs - RETRY_MS

  const drop = (): void => {
    segment?.close()
    segment = undefined
  }

  /** Of the present segment: its day is there, and so is room. */
  const isFit = (open: Segment, now: number): boolean =>
    now < rolloverMs && now >= rolloverMs - DAY_MS && open.bytes < maxSegmentBytes

  /** The present segment, unless its day is over, it is full, the clock was set, or the disk has refused it. */
  const current = (now: number): Segment => {
    if (rolls !== Atomics.load(signals, ROLLS) || segment?.isIntact === false) drop()
    look(now)
    if (!segment) return roll(now)
    if (isFit(segment, now) || isTooSoon(now)) return segment
    try {
      return roll(now)
    } catch (error) {
      // No file to be had: that of yesterday, or the full one, still takes lines.
      lastFault = toReason(error)
      retryMs = now + RETRY_MS
      return segment
    }
  }

  const look = (now: number): void => {
    if (!segment || Math.abs(now - lookMs) < LOOK_MS) return
    lookMs = now
    if (!segment.isDeleted()) return
    say(`Daybook: ${segment.path} was deleted while in use; lines of the last second may be lost.`)
    drop()
  }

  const write = (line: string | Uint8Array, now: number): number => {
    const open = current(now)
    const before = open.bytes
    open.append(line)
    const written = open.bytes - before
    if (isStrict) syncOrMove(open, line, now)
    return written
  }

  // After a failed sync the kernel may forget what it could not write and call the next sync a success. So the file is
  // given up, and the line taken out of it: it is written to another, or else shed.
  const syncOrMove = (open: Segment, line: string | Uint8Array, now: number): void => {
    try {
      syncOrUndo(open)
    } catch (error) {
      if (shedInEpisode === 0)
        say(`Daybook: ${open.path} could not be synced: ${toReason(error)}. A new file is used; check the disk.`)
      const fresh = roll(now)
      fresh.append(line)
      syncOrUndo(fresh)
    }
  }

  const syncOrUndo = (open: Segment): void => {
    try {
      open.sync()
    } catch (error) {
      open.undo()
      drop()
      throw error
    }
  }

  const refuse = (reason: string): false => {
    shed++
    Atomics.add(signals, SHED, 1)
    lastFault = reason
    shedInEpisode++
    if (!isTold) isTold = say(`Daybook: events are being dropped: ${reason}.`)
    return false
  }

  /** Gives the reason when nothing of it was kept. */
  const attempt = (lines: string | Uint8Array, count: number): string | undefined => {
    if (isClosed) return 'the event log is closed'
    const now = nowMs()
    if (shedInEpisode > 0 && isTooSoon(now)) return lastFault ?? 'the disk can not be written'
    // Text by its characters: its bytes are known, and counted, once it is written.
    if (backlog + lines.length > maxBytes)
      return `${maxBytes} bytes wait for the database already (DAYBOOK_SPOOL_MAX_BYTES)`
    try {
      const written = write(lines, now)
      bytes += written
      backlog += written
      Atomics.add(signals, BYTES, written)
    } catch (error) {
      retryMs = now + RETRY_MS
      return `${eventsDir} can't be written: ${toReason(error)}`
    }
    appended += count
    if (shedInEpisode > 0) endEpisode()
    ringAppends(signals, count)
    return undefined
  }

  const appendOne = (line: string | Uint8Array): boolean => {
    const reason = attempt(line, 1)
    return reason === undefined || refuse(reason)
  }

  const append = (line: string | Uint8Array): boolean => {
    if (gathering?.add(line)) return true
    release()
    return appendOne(line)
  }

  // Where not all of them can be kept, those are that can. What comes meanwhile goes its own way.
  const release = (): void => {
    const gathered = gathering?.take()
    gathering = undefined
    if (gathered && attempt(gathered.bytes, gathered.count) !== undefined)
      for (const line of toLines(gathered)) appendOne(line)
  }

  const together = (work: () => void): void => {
    // Taken away meanwhile: a host that hears a notice may come here again.
    const own = gather ?? createGather(GATHER_BYTES)
    gather = undefined
    gathering = own
    try {
      work()
    } finally {
      release()
      gather = own
    }
  }

  const endEpisode = (): void => {
    const dropped = shedInEpisode
    shedInEpisode = 0
    lastFault = null
    isTold = false
    say(`Daybook: events are kept again; ${dropped} were dropped in between.`)
  }

  return {
    append,
    together,
    refuse,
    setBacklog(waiting) {
      // Told while the app logs on: without those it would log more than there is room for.
      backlog = waiting + unseenBytes(options.signals)
    },
    stats: () => ({ offered: appended + shed, appended, shed, bytes, last_fault: lastFault }),
    close() {
      isClosed = true
      drop()
    },
  }
}
