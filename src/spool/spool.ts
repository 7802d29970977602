/**
 * The disk buffer. One synchronous write per event: when `append` returns true the line is with the kernel, and the end
 * of this process can't take it back. A line that can't be written whole is shed and counted, and said so once.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, toReason } from '../event/fault.ts'
import { randomBytes } from '../event/id.ts'
import type { Spool } from '../event/ports.ts'
import { toEventsDir, toSegmentName, toUtcDay } from './layout.ts'
import { createSegment, type Segment } from './segment.ts'

export interface SpoolOptions {
  readonly dir: string
  /** Index 0 counts appends; whoever drains waits on it. */
  readonly bell: SharedArrayBuffer
  /** Told once when shedding starts and once when it ends. */
  readonly onNotice: (line: string) => void
  readonly nowMs?: () => number
}

/** After a failed write a new segment is tried this much later. */
const REOPEN_MS = 1_000
const DAY_MS = 86_400_000

/** Throws Fault `folder_unusable` when the folder can't be made. */
export function createSpool({ dir, bell, onNotice, nowMs = Date.now }: SpoolOptions): Spool {
  const eventsDir = toEventsDir(dir)
  makeFolder(eventsDir)
  const appends = new Int32Array(bell)
  let segment: Segment | undefined
  let rolloverMs = 0
  let reopenMs = 0
  let appended = 0
  let shed = 0
  let shedInEpisode = 0
  let closedBytes = 0
  let lastFault: string | null = null
  let isClosed = false

  const roll = (now: number): Segment => {
    drop()
    mkdirSync(eventsDir, { recursive: true, mode: 0o700 })
    const name = toSegmentName(toUtcDay(now), process.pid, randomBytes(4).toString('hex'))
    segment = createSegment(join(eventsDir, name))
    rolloverMs = (Math.floor(now / DAY_MS) + 1) * DAY_MS
    return segment
  }

  const drop = (): void => {
    const old = segment
    segment = undefined
    if (!old) return
    closedBytes += old.bytes
    try {
      old.close()
    } catch (error) {
      lastFault = toReason(error)
    }
  }

  const refuse = (reason: string): false => {
    shed++
    lastFault = reason
    if (shedInEpisode++ === 0)
      onNotice(`Daybook: events are being dropped, as ${eventsDir} can't be written: ${reason}. Free or mend the disk.`)
    return false
  }

  const append = (line: string): boolean => {
    if (isClosed) return refuse('the event log is closed')
    const now = nowMs()
    if (now < reopenMs) return refuse(lastFault ?? 'unknown')
    try {
      const isCurrent = segment !== undefined && now < rolloverMs && now >= rolloverMs - DAY_MS
      const open = isCurrent && segment ? segment : roll(now)
      open.append(line)
    } catch (error) {
      drop()
      reopenMs = now + REOPEN_MS
      return refuse(toReason(error))
    }
    appended++
    if (shedInEpisode > 0) endEpisode()
    Atomics.add(appends, 0, 1)
    Atomics.notify(appends, 0)
    return true
  }

  const endEpisode = (): void => {
    onNotice(`Daybook: events are written again; ${shedInEpisode} were dropped in between.`)
    shedInEpisode = 0
    reopenMs = 0
  }

  return {
    append,
    refuse,
    stats: () => ({ appended, shed, bytes: closedBytes + (segment?.bytes ?? 0), last_fault: lastFault }),
    close() {
      isClosed = true
      drop()
    },
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    const advice = 'Choose another folder with DAYBOOK_DIR or options.dir, or make this one writable.'
    throw new Fault('folder_unusable', `${path} can't be made: ${toReason(error)}. ${advice}`, { cause: error })
  }
}
