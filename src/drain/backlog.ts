/** What is on disk and not stored yet: the segments, how far each is stored, and the next lines of the oldest. */
import type { Chunk, Progress, SegmentInfo, SegmentReader } from '../event/ports.ts'

export interface Backlog {
  /** Looks at the folder again; the only call that lists it. */
  refresh(): void
  /** The oldest lines that are not stored; undefined when there are none in what the last look saw. */
  next(maxLines: number): Chunk | undefined
  moveTo(segment: string, next: number): void
  /** Takes the database's word on how far each segment is stored. */
  reset(cursors: ReadonlyMap<string, number>): void
  /** Takes the folder's word on it, while the database can't be asked. */
  recall(): void
  /** Writes it into the folder. */
  save(): void
  cursors(): ReadonlyMap<string, number>
  /** Of what the last look saw. */
  waitingBytes(): number
}

export function createBacklog(reader: SegmentReader, progress: Progress): Backlog {
  const cursors = new Map<string, number>()
  /** Sizes at which a segment had no whole line left: its tail is torn or still being written. */
  const tails = new Map<string, number>()
  let segments: readonly SegmentInfo[] = []
  let isSaved = true

  const waiting = ({ name, bytes }: SegmentInfo): number =>
    tails.get(name) === bytes ? 0 : Math.max(0, bytes - (cursors.get(name) ?? 0))

  const reset = (known: ReadonlyMap<string, number>): void => {
    cursors.clear()
    // A segment that was stored to its end may have to be read again.
    tails.clear()
    for (const [segment, next] of known) cursors.set(segment, next)
  }

  return {
    refresh() {
      segments = reader.list()
    },
    next(maxLines) {
      for (const segment of segments) {
        if (waiting(segment) === 0) continue
        const chunk = reader.read(segment.name, cursors.get(segment.name) ?? 0, maxLines)
        if (chunk) return chunk
        tails.set(segment.name, segment.bytes)
      }
      return undefined
    },
    moveTo(segment, next) {
      cursors.set(segment, next)
      isSaved = false
    },
    reset(known) {
      reset(known)
      isSaved = false
    },
    recall() {
      reset(progress.load())
      segments = reader.list()
    },
    save() {
      if (!isSaved) progress.save(cursors)
      isSaved = true
    },
    cursors: () => cursors,
    waitingBytes: () => segments.reduce((sum, segment) => sum + waiting(segment), 0),
  }
}
