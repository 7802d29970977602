/** A dead writer's segments, read as the drain reads them. */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DRAIN } from '../../src/config/defaults.ts'
import type { Chunk, SegmentInfo, SegmentReader } from '../../src/event/ports/spool.ts'
import { hasMark, toEventsDir, toMark } from '../../src/spool/layout.ts'
import { createReader } from '../../src/spool/reader.ts'
import type { Finding } from './ledger.ts'

export interface SegmentLook {
  readonly lines: number
  readonly bytes: number
  /** Bytes after the last whole line. */
  readonly torn: number
  readonly findings: readonly Finding[]
}

/** Of a process, as its segments are named. */
export const toWriterMark = (pid: number): string => toMark(pid, 'campaign')

export interface Segments {
  listOf(pid: number): readonly SegmentInfo[]
  all(): readonly SegmentInfo[]
  /** Reads all of it; `onLine` gets each line that is whole and has the right checksum. */
  look(segment: SegmentInfo, onLine: (line: Chunk['lines'][number]) => void): SegmentLook
  remove(segment: SegmentInfo): void
}

export function createSegments(dir: string): Segments {
  const reader = createReader({ dir, maxBytes: DRAIN.batchBytes })
  // A writer that is killed early has not made the folder.
  const all = (): readonly SegmentInfo[] => (existsSync(toEventsDir(dir)) ? reader.list() : [])
  return {
    all,
    listOf: (pid) => all().filter(({ name }) => hasMark(name, toWriterMark(pid))),
    look: (segment, onLine) => look(reader, segment, onLine),
    remove: ({ name }) => rmSync(join(toEventsDir(dir), name)),
  }
}

function look(
  reader: SegmentReader,
  { name, bytes }: SegmentInfo,
  onLine: (line: Chunk['lines'][number]) => void,
): SegmentLook {
  const findings: Finding[] = []
  let lines = 0
  let at = 0
  for (let chunk = reader.read(name, at, DRAIN.batchLines); chunk; chunk = reader.read(name, at, DRAIN.batchLines)) {
    if (chunk.from !== at || chunk.to <= at) findings.push({ wrong: 'damaged', what: `a gap at byte ${at} of ${name}` })
    for (const { at: place, reason } of chunk.damaged)
      findings.push({ wrong: 'damaged', what: `byte ${place} of ${name}: ${reason}` })
    for (const line of chunk.lines) onLine(line)
    lines += chunk.lines.length
    at = chunk.to
  }
  return { lines, bytes, torn: bytes - at, findings }
}
