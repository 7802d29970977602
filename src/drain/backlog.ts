/** What is on disk and not stored yet: the segments, how far each is stored, and the next lines of the oldest. */
import type { Chunk, Progress, SegmentInfo, SegmentReader } from '../event/ports/spool.ts'

export interface Backlog {
  /** Looks at the folder again. */
  refresh(): void
  /** Looks at what waits again, if the last look is older; `next` keeps to what was seen before. */
  measure(maxAgeMs: number): void
  /** The oldest lines that are not stored; undefined when there are none in what the last look saw. */
  next(maxLines: number): Chunk | undefined
  moveTo(segment: string, next: number): void
  /**
   * Takes the database's word on how far each segment is stored, and looks at the folder. Gives the segments of which it
   * can't be true, as somebody has changed it: these are read from their beginning.
   */
  reset(cursors: ReadonlyMap<string, number>): readonly string[]
  /** Takes the folder's word on it, while the database can't be asked. */
  recall(): void
  /** Writes it into the folder. */
  save(): void
  cursors(): ReadonlyMap<string, number>
  /** Of what the last look saw. */
  waitingBytes(): number
  /** Looks at all that waits, also at what was logged in an outage, and gives when the oldest line of it was made. */
  recount(): string | null
}

export function createBacklog(reader: SegmentReader, progress: Progress): Backlog {
  const cursors = new Map<string, number>()
  /** Sizes at which a segment had no whole line left: its tail is torn or still being written. */
  const tails = new Map<string, number>()
  let segments: readonly SegmentInfo[] = []
  let measured = segments
  let measuredMs = 0
  let isSaved = true

  const waiting = ({ name, bytes }: SegmentInfo): number =>
    tails.get(name) === bytes ? 0 : Math.max(0, bytes - (cursors.get(name) ?? 0))

  const reset = (known: ReadonlyMap<string, number>): void => {
    cursors.clear()
    // A segment that was stored to its end may have to be read again.
    tails.clear()
    for (const [segment, next] of known) cursors.set(segment, next)
  }

  const measure = (maxAgeMs: number): void => {
    const now = performance.now()
    if (now - measuredMs < maxAgeMs) return
    measured = reader.list()
    measuredMs = now
  }

  const refresh = (): void => {
    measure(0)
    segments = measured
  }

  const next = (maxLines: number): Chunk | undefined => {
    for (const segment of segments) {
      if (waiting(segment) === 0) continue
      const chunk = reader.read(segment.name, cursors.get(segment.name) ?? 0, maxLines)
      if (chunk) return chunk
      tails.set(segment.name, segment.bytes)
    }
    return undefined
  }

  const isPossible = (name: string, bytes: number): boolean => {
    const cursor = cursors.get(name)
    return cursor === undefined || cursor === bytes || (cursor < bytes && reader.isBorder(name, cursor))
  }

  return {
    refresh,
    measure,
    next,
    moveTo(segment, next) {
      cursors.set(segment, next)
      isSaved = false
    },
    reset(known) {
      reset(known)
      isSaved = false
      refresh()
      const wrong = segments.filter(({ name, bytes }) => !isPossible(name, bytes)).map(({ name }) => name)
      for (const name of wrong) cursors.delete(name)
      return wrong
    },
    recall() {
      reset(progress.load())
      refresh()
    },
    save() {
      try {
        if (!isSaved) progress.save(cursors)
        isSaved = true
      } catch {
        // Only a hint: a full disk must not keep the archive from making room on it. Tried again after the next pass.
      }
    },
    cursors: () => cursors,
    waitingBytes: () => measured.reduce((sum, segment) => sum + waiting(segment), 0),
    recount() {
      try {
        refresh()
        return next(1)?.lines[0]?.parsed.event.created_at ?? null
      } catch {
        // The folder can't be read; if that is not what is waited for, it will be.
        return null
      }
    },
  }
}
