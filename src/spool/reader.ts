/** Segments → whole lines, checked and parsed. */
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Parsed, parseLine } from '../event/line.ts'
import type { Chunk, DamagedLine, SegmentInfo, SegmentLine, SegmentReader } from '../event/ports/spool.ts'
import { bySegment, isSegmentName, toEventsDir } from './layout.ts'

export interface ReaderOptions {
  readonly dir: string
  /** Bytes of one chunk; a longer line is read whole all the same. */
  readonly maxBytes: number
}

const NEWLINE = 10
/** A guess: a read of `maxLines` lines takes as many bytes of the file, and what is not enough is fewer lines. */
const LINE_BYTES = 2_048

/** True at the beginning, and behind a newline. */
function isBorder(path: string, at: number): boolean {
  if (at <= 0) return at === 0
  const fd = openSync(path, 'r')
  try {
    const before = Buffer.alloc(1)
    return readSync(fd, before, 0, 1, at - 1) === 1 && before[0] === NEWLINE
  } finally {
    closeSync(fd)
  }
}

export function createReader({ dir, maxBytes }: ReaderOptions): SegmentReader {
  const eventsDir = toEventsDir(dir)
  return {
    list: () =>
      readdirSync(eventsDir)
        .filter(isSegmentName)
        .sort(bySegment)
        .flatMap((name) => toInfo(eventsDir, name)),
    read: readingAhead((segment, from, maxLines) => {
      const { bytes, size } = readWhole(join(eventsDir, segment), from, Math.min(maxBytes, maxLines * LINE_BYTES))
      const chunk = bytes && toChunk(segment, from, bytes, maxLines)
      return { chunk, isMore: chunk !== undefined && size > chunk.to }
    }),
    isBorder: (segment, at) => isBorder(join(eventsDir, segment), at),
  }
}

type ReadChunk = (segment: string, from: number, maxLines: number) => { chunk: Chunk | undefined; isMore: boolean }

/** A line. By then those of one chunk are on their way, and the database is at work while the next chunk is parsed. */
const AHEAD_MS = 0.02

/** Reads of a long segment ahead of being asked; what is kept is one chunk at most. */
function readingAhead(readChunk: ReadChunk): SegmentReader['read'] {
  let ahead: ReturnType<ReadChunk> | undefined
  let timer: NodeJS.Timeout | undefined
  const readAhead: (...next: Parameters<ReadChunk>) => void = (segment, from, maxLines) => {
    try {
      ahead = readChunk(segment, from, maxLines)
    } catch {
      // It is read again when it is asked for, and what is wrong is told then.
    }
  }
  const take = (segment: string, from: number, maxLines: number): ReturnType<ReadChunk> | undefined => {
    const kept = ahead
    ahead = undefined
    clearTimeout(timer)
    const { chunk } = kept ?? {}
    return chunk?.segment === segment && chunk.from === from && chunk.lines.length <= maxLines ? kept : undefined
  }
  return (segment, from, maxLines) => {
    const { chunk, isMore } = take(segment, from, maxLines) ?? readChunk(segment, from, maxLines)
    if (chunk && isMore)
      timer = setTimeout(readAhead, chunk.lines.length * AHEAD_MS, segment, chunk.to, maxLines).unref()
    return chunk
  }
}

function toInfo(eventsDir: string, name: string): SegmentInfo[] {
  try {
    return [{ name, bytes: statSync(join(eventsDir, name)).size }]
  } catch {
    // Gone between the listing and the look: nothing to read.
    return []
  }
}

/** Bytes from `from` that end with a newline, if there is a whole line; and how long the file is. */
function readWhole(path: string, from: number, maxBytes: number): { bytes?: Buffer; size: number } {
  const fd = openSync(path, 'r')
  try {
    const { size } = fstatSync(fd)
    const rest = size - from
    for (let wanted = maxBytes; rest > 0; wanted *= 4) {
      const bytes = Buffer.allocUnsafe(Math.min(rest, wanted))
      const length = readSync(fd, bytes, 0, bytes.length, from)
      const end = bytes.subarray(0, length).lastIndexOf(NEWLINE)
      if (end >= 0) return { bytes: bytes.subarray(0, end + 1), size }
      if (wanted >= rest) break
    }
    return { size }
  } finally {
    closeSync(fd)
  }
}

const LINE_START = '{"v":'
const GLUED = 'the line has no end, and another follows it at once'

/** A line, and where it begins: without its newline, the damaged one before it is glued to it. */
function parseGlued(raw: Buffer): { parsed: Parsed; start: number } {
  const parsed = parseLine(raw)
  const start = parsed.log === 'damaged' ? raw.lastIndexOf(LINE_START) : 0
  const last = start > 0 ? parseLine(raw.subarray(start)) : parsed
  return last.log === 'damaged' ? { parsed, start: 0 } : { parsed: last, start }
}

function toChunk(segment: string, from: number, bytes: Buffer, maxLines: number): Chunk {
  const lines: SegmentLine[] = []
  const damaged: DamagedLine[] = []
  let at = 0
  while (at < bytes.length && lines.length + damaged.length < maxLines) {
    const end = bytes.indexOf(NEWLINE, at)
    const raw = bytes.subarray(at, end)
    // An empty line ends a torn one; it carries nothing.
    if (raw.length > 0) {
      const { parsed, start } = parseGlued(raw)
      const hurt = parsed.log === 'damaged' ? raw : raw.subarray(0, start)
      const reason = parsed.log === 'damaged' ? parsed.reason : GLUED
      if (hurt.length > 0) damaged.push({ at: from + at, bytes: Buffer.from(hurt), reason })
      if (parsed.log !== 'damaged')
        lines.push({ parsed, at: from + at + start, end: from + end + 1, raw: raw.subarray(start) })
    }
    at = end + 1
  }
  return { segment, from, to: from + at, lines, damaged }
}
