/** The disk buffer: who writes it, who reads it, and what becomes of its files. */
import type { ErrorEvent, Event } from '../event.ts'

export interface SpoolStats {
  /** Events that were handed in: appended and shed together. */
  readonly offered: number
  /** Lines whose full write returned. */
  readonly appended: number
  /** Events that could not be kept. */
  readonly shed: number
  readonly bytes: number
  readonly last_fault: string | null
}

/** The disk buffer as the app's thread sees it. */
export interface Spool {
  /** True when the whole line is with the kernel, so that it survives the end of the process. Never throws. */
  append(line: string | Uint8Array): boolean
  /** What `work` appends goes to the kernel in one write, when it has ended. Until then `append` tells nothing of it. */
  together(work: () => void): void
  /** Counts an event that never became a line. */
  refuse(reason: string): void
  /** Bytes that wait for the database, as the drain saw them; what was appended since then is added. */
  setBacklog(bytes: number): void
  stats(): SpoolStats
  close(): void
}

export interface SegmentInfo {
  readonly name: string
  readonly bytes: number
}

/** A line that can't be read, with its bytes. */
export interface DamagedLine {
  readonly at: number
  readonly bytes: Buffer
  readonly reason: string
}

/** One good line and where it ends, so that a batch can be split anywhere. */
export interface SegmentLine {
  readonly parsed:
    | { readonly log: 'event'; readonly event: Event }
    | { readonly log: 'error'; readonly event: ErrorEvent }
  readonly at: number
  readonly end: number
  /** The line itself, without its newline; a view of what was read. */
  readonly raw: Buffer
}

/** What was read of one segment: whole lines only. */
export interface Chunk {
  readonly segment: string
  readonly from: number
  readonly to: number
  readonly lines: readonly SegmentLine[]
  readonly damaged: readonly DamagedLine[]
}

export interface SegmentReader {
  /** Oldest first. */
  list(): readonly SegmentInfo[]
  /** Whole lines from a byte on, at most `maxLines`; undefined when there is none yet. */
  read(segment: string, from: number, maxLines: number): Chunk | undefined
  /** Whether a line may begin at this byte, or the segment ends there. */
  isBorder(segment: string, at: number): boolean
}

/** How far segments are stored, kept beside them for when the database can't be asked. */
export interface Progress {
  load(): ReadonlyMap<string, number>
  save(cursors: ReadonlyMap<string, number>): void
}

/** What becomes of segments that are stored. */
export interface Archive {
  /** Compresses and deletes what is old and stored; gives the names of the segments that are gone. */
  tidy(cursors: ReadonlyMap<string, number>): Promise<readonly string[]>
  /** Unpacks what the database does not have after all, as after a restored backup. */
  unpack(cursors: ReadonlyMap<string, number>): Promise<void>
}

/** Where refused lines wait, with the reason. */
export interface Quarantine {
  put(line: DamagedLine & { readonly segment: string }): void
}

export interface DailyFile {
  /** UTC. */
  readonly date: string
  readonly bytes: number
  readonly segments: number
  /** Whether all of it is compressed by now. */
  readonly packed: boolean
}

/** A day as it was when it was opened: whole lines only, and the same bytes however long they are read. */
export interface DailyBytes {
  readonly bytes: number
  /** Another one when the bytes are others. */
  readonly tag: string
  /** From the first byte to before the last. */
  read(from: number, to: number): AsyncIterable<Uint8Array>
}

/** The daily files, of all tenants and users. */
export interface DailyFiles {
  list(): Promise<readonly DailyFile[]>
  open(date: string): Promise<DailyBytes | undefined>
}
