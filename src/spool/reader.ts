/** Segments → whole lines, checked and parsed. */
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseLine } from '../event/line.ts'
import type { Chunk, DamagedLine, SegmentInfo, SegmentLine, SegmentReader } from '../event/ports.ts'
import { isSegmentName, toEventsDir } from './layout.ts'

export interface ReaderOptions {
  readonly dir: string
  /** Bytes of one chunk; a longer line is read whole all the same. */
  readonly maxBytes: number
}

const NEWLINE = 10

export function createReader({ dir, maxBytes }: ReaderOptions): SegmentReader {
  const eventsDir = toEventsDir(dir)
  return {
    list: () =>
      readdirSync(eventsDir)
        .filter(isSegmentName)
        .sort()
        .flatMap((name) => toInfo(eventsDir, name)),
    read(segment, from, maxLines) {
      const bytes = readWhole(join(eventsDir, segment), from, maxBytes)
      return bytes && toChunk(segment, from, bytes, maxLines)
    },
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

/** Bytes from `from` that end with a newline; undefined when there is no whole line. */
function readWhole(path: string, from: number, maxBytes: number): Buffer | undefined {
  const fd = openSync(path, 'r')
  try {
    const rest = fstatSync(fd).size - from
    for (let wanted = maxBytes; rest > 0; wanted *= 4) {
      const bytes = Buffer.allocUnsafe(Math.min(rest, wanted))
      const length = readSync(fd, bytes, 0, bytes.length, from)
      const end = bytes.subarray(0, length).lastIndexOf(NEWLINE)
      if (end >= 0) return bytes.subarray(0, end + 1)
      if (wanted >= rest) return undefined
    }
    return undefined
  } finally {
    closeSync(fd)
  }
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
      const parsed = parseLine(raw)
      if (parsed.log === 'damaged') damaged.push({ at: from + at, bytes: Buffer.from(raw), reason: parsed.reason })
      else lines.push({ parsed, at: from + at, end: from + end + 1 })
    }
    at = end + 1
  }
  return { segment, from, to: from + at, lines, damaged }
}
