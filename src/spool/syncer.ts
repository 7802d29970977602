/**
 * Group durability: what was appended reaches the disk itself within an interval, from another thread than the one that
 * appends. Only this process's segments: each process cares for its own.
 */

import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { toReason } from '../event/fault.ts'
import { ROLLS, type Signals } from '../event/signals.ts'
import { hasMark, isSegmentName, toEventsDir, toSegmentDay, toSegmentName, toUtcDay } from './layout.ts'
import { createSegment, type Segment, syncFolder } from './segment.ts'

export interface SyncerOptions {
  readonly dir: string
  readonly mark: string
  readonly signals: Signals
  readonly intervalMs: number
  readonly onNotice: (line: string) => void
  readonly nowMs?: () => number
}

export interface Syncer {
  /** Syncs once more and ends. */
  close(): Promise<void>
}

interface Synced {
  readonly file: FileHandle
  bytes: number
  /** A failed sync is never tried again: the kernel may have dropped the bytes and report success. */
  isSuspect: boolean
  /** Once it was deleted: how many of its bytes were written again. */
  rescued?: number
}

const RESCUE = 'rescue-'
/** Read at a time; no line is longer. */
const RESCUE_BYTES = 8 * 1_048_576

export function createSyncer({ dir, mark, signals, intervalMs, onNotice, nowMs = Date.now }: SyncerOptions): Syncer {
  const eventsDir = toEventsDir(dir)
  const known = new Map<string, Synced>()
  let work: Promise<void> = Promise.resolve()

  const syncAll = async (): Promise<void> => {
    mkdirSync(eventsDir, { recursive: true, mode: 0o700 })
    const names = (await readdir(eventsDir)).filter((name) => isSegmentName(name) && hasMark(name, mark))
    for (const name of names) await syncOne(name)
    for (const [name, synced] of known) if (!names.includes(name)) await lose(name, synced)
  }

  const syncOne = async (name: string): Promise<void> => {
    const path = join(eventsDir, name)
    const synced = known.get(name) ?? (await begin(name, path))
    const { size } = await synced.file.stat()
    if (synced.isSuspect || size <= synced.bytes) return
    try {
      await synced.file.datasync()
      synced.bytes = size
    } catch (error) {
      synced.isSuspect = true
      Atomics.add(new Int32Array(signals), ROLLS, 1)
      onNotice(`Daybook: ${path} could not be synced: ${toReason(error)}. A new file is used; check the disk.`)
      // A copy of a copy would fare no better.
      if (!name.includes(RESCUE)) await rescue(name, synced.file, synced.bytes)
    }
  }

  const begin = async (name: string, path: string): Promise<Synced> => {
    const synced = { file: await open(path, 'r'), bytes: 0, isSuspect: false }
    known.set(name, synced)
    syncFolder(eventsDir)
    return synced
  }

  // Lines that may be lost on the disk are still to be read: they are written again, and stored once all the same.
  // Gives the place behind the last whole line.
  const rescue = async (name: string, file: FileHandle, from: number): Promise<number> => {
    const unique = `${RESCUE}${randomBytes(4).toString('hex')}`
    const piece = Buffer.allocUnsafe(RESCUE_BYTES)
    let copy: Segment | undefined
    try {
      for (let at = from; ; ) {
        const { bytesRead } = await file.read(piece, 0, piece.length, at)
        const length = piece.subarray(0, bytesRead).lastIndexOf(10) + 1
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
  const lose = async (name: string, synced: Synced): Promise<void> => {
    if (toSegmentDay(name) !== toUtcDay(nowMs())) return forget(name, synced.file)
    if (synced.rescued === undefined) {
      Atomics.add(new Int32Array(signals), ROLLS, 1)
      onNotice(`Daybook: ${join(eventsDir, name)} was deleted while in use; its lines are written again.`)
    }
    const before = synced.rescued ?? -1
    synced.rescued ??= 0
    synced.rescued = await rescue(name, synced.file, synced.rescued)
    if (synced.rescued === before) await forget(name, synced.file)
  }

  const forget = async (name: string, file: FileHandle): Promise<void> => {
    known.delete(name)
    await file.close()
  }

  // What can't be listed or opened now is tried again in a moment; the drain says what is wrong with the folder.
  const sync = (): Promise<void> => syncAll().catch(() => undefined)
  let isBusy = false
  const tick = (): void => {
    // A disk that takes longer than the interval is not asked again meanwhile.
    if (isBusy) return
    isBusy = true
    work = sync().finally(() => {
      isBusy = false
    })
  }
  tick()
  const timer = setInterval(tick, intervalMs)
  return {
    async close() {
      clearInterval(timer)
      await work
      await sync()
      for (const [name, { file }] of known) await forget(name, file)
    },
  }
}
