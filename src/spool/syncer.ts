/**
 * Group durability: what was appended reaches the disk itself within an interval, from another thread than the one that
 * appends. Only this process's segments: each process cares for its own. By synchronous calls: the thread has nothing
 * else to do, and each turn through Node's thread pool would cost more than the call.
 */
import { randomBytes } from 'node:crypto'
import { closeSync, fdatasyncSync, fstatSync, mkdirSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { toReason } from '../event/fault.ts'
import { APPENDS, ROLLS, SEGMENTS, type Signals, untilAppended } from '../event/signals.ts'
import { hasMark, isSegmentName, toEventsDir, toSegmentDay, toSegmentName, toUtcDay } from './layout.ts'
import { createSegment, type Segment, syncFolder } from './segment.ts'

export interface SyncerOptions {
  readonly dir: string
  readonly mark: string
  readonly signals: Signals
  /** Between an append and its sync, without the time that the disk takes. */
  readonly intervalMs: number
  /** Between two looks at the folder while nothing is appended. */
  readonly idleMs?: number
  readonly onNotice: (line: string) => void
  readonly nowMs?: () => number
}

export interface Syncer {
  /** Syncs once more and ends. */
  close(): void
}

interface Synced {
  readonly fd: number
  bytes: number
  /** A failed sync is never tried again: the kernel may have dropped the bytes and report success. */
  isSuspect: boolean
  /** Once it was deleted: how many of its bytes were written again. */
  rescued?: number
}

const RESCUE = 'rescue-'
/** Read at a time; no line is longer. */
const RESCUE_BYTES = 8 * 1_048_576
/** The folder is listed when the app's thread says that it has begun a segment, and so often: for what others did to it. */
const LIST_MS = 500

export function createSyncer({
  dir,
  mark,
  signals,
  intervalMs,
  idleMs = LIST_MS,
  onNotice,
  nowMs = Date.now,
}: SyncerOptions): Syncer {
  const eventsDir = toEventsDir(dir)
  const counts = new Int32Array(signals)
  const known = new Map<string, Synced>()
  /** How many were begun when it was last listed; NaN: it is to be listed again. */
  let segments = Number.NaN
  let listedMs = Number.NaN

  const syncAll = (): void => {
    list()
    for (const [name, synced] of known) syncOne(name, synced)
  }

  const list = (): void => {
    const begun = Atomics.load(counts, SEGMENTS)
    const now = performance.now()
    if (begun === segments && now - listedMs < LIST_MS) return
    mkdirSync(eventsDir, { recursive: true, mode: 0o700 })
    const names = readdirSync(eventsDir).filter((name) => isSegmentName(name) && hasMark(name, mark))
    for (const name of names) if (!known.has(name)) begin(name)
    for (const [name, synced] of known) if (!names.includes(name)) lose(name, synced)
    // Not before: what can't be listed or opened now is tried again at the next turn.
    segments = begun
    listedMs = now
  }

  const begin = (name: string): void => {
    known.set(name, { fd: openSync(join(eventsDir, name), 'r'), bytes: 0, isSuspect: false })
    syncFolder(eventsDir)
  }

  const syncOne = (name: string, synced: Synced): void => {
    const { size, nlink } = fstatSync(synced.fd)
    if (nlink === 0) segments = Number.NaN
    if (synced.isSuspect || size <= synced.bytes) return
    try {
      fdatasyncSync(synced.fd)
      synced.bytes = size
    } catch (error) {
      synced.isSuspect = true
      Atomics.add(counts, ROLLS, 1)
      onNotice(
        `Daybook: ${join(eventsDir, name)} could not be synced: ${toReason(error)}. A new file is used; check the disk.`,
      )
      // A copy of a copy would fare no better.
      if (!name.includes(RESCUE)) rescue(name, synced.fd, synced.bytes)
    }
  }

  // Lines that may be lost on the disk are still to be read: they are written again, and stored once all the same.
  // Gives the place behind the last whole line.
  const rescue = (name: string, fd: number, from: number): number => {
    const unique = `${RESCUE}${randomBytes(4).toString('hex')}`
    const piece = Buffer.allocUnsafe(RESCUE_BYTES)
    let copy: Segment | undefined
    try {
      for (let at = from; ; ) {
        const length = piece.subarray(0, readSync(fd, piece, 0, piece.length, at)).lastIndexOf(10) + 1
        if (length === 0) {
          copy?.sync()
          return at
        }
        copy ??= createSegment(join(eventsDir, toSegmentName(toSegmentDay(name), mark, unique)))
        copy.append(piece.toString('utf8', 0, length))
        at += length
      }
    } finally {
      copy?.close()
    }
  }

  // Somebody deleted it while lines are written to it: they can still be read here, and nowhere else. What fails is
  // tried again; and it is looked at once more, as the app's thread may just then have written to it.
  const lose = (name: string, synced: Synced): void => {
    if (toSegmentDay(name) !== toUtcDay(nowMs())) {
      forget(name, synced)
      return
    }
    if (synced.rescued === undefined) {
      Atomics.add(counts, ROLLS, 1)
      onNotice(`Daybook: ${join(eventsDir, name)} was deleted while in use; its lines are written again.`)
    }
    const before = synced.rescued ?? -1
    synced.rescued ??= 0
    synced.rescued = rescue(name, synced.fd, synced.rescued)
    if (synced.rescued === before) forget(name, synced)
  }

  const forget = (name: string, { fd }: Synced): void => {
    known.delete(name)
    closeSync(fd)
  }

  const sync = (): void => {
    try {
      syncAll()
    } catch {
      // Tried again in a moment; the drain says what is wrong with the folder.
    }
  }
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  const rest = (): void => {
    timer = setTimeout(turn, intervalMs)
  }
  // Where nothing is appended there is nothing to sync: the thread sleeps until something is, or the folder is due.
  const turn = (): void => {
    const appends = Atomics.load(counts, APPENDS)
    sync()
    const appended = untilAppended(counts, appends, idleMs)
    if (appended) void appended.then(() => isClosed || rest())
    else rest()
  }
  turn()
  return {
    close() {
      isClosed = true
      clearTimeout(timer)
      // Once more, whatever was listed when.
      segments = Number.NaN
      sync()
      for (const [name, synced] of known) forget(name, synced)
    },
  }
}
