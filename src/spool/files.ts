/** The folder as people look at it: its segments, their lines, and what was set aside. */
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { bySegment, toEventsDir, toMark, toQuarantineDir, toSegmentDay, toSegmentName, toUtcDay } from './layout.ts'
import { createProgress } from './progress.ts'
import { createSegment } from './segment.ts'

export interface SegmentFile {
  readonly name: string
  readonly day: string
  /** Of the file as it lies there, packed or not. */
  readonly bytes: number
  readonly packed: boolean
  /** Bytes of lines that no database has yet, as far as the folder knows. */
  readonly waiting_bytes: number
}

/** A line that was set aside. */
export interface RefusedLine {
  readonly refused_at: string
  readonly segment: string
  readonly at: number
  readonly reason: string
  readonly line?: string
  readonly line_base64?: string
}

export interface SpoolFiles {
  /** Oldest first. */
  list(): readonly SegmentFile[]
  /** Lines of a day, or of one segment, as they were written. */
  cat(dayOrName: string): Generator<string>
  refused(): readonly RefusedLine[]
  /** Puts what was set aside where the drain finds it; what is stored already is passed over. Gives how many lines. */
  retry(): number
}

const GZ = '.gz'
const REFUSED = /^(?:refused|retrying)_\d{4}-\d{2}-\d{2}\.jsonl$/

export function openSpoolFiles(dir: string, nowMs: () => number = Date.now): SpoolFiles {
  const eventsDir = toEventsDir(dir)
  const quarantineDir = toQuarantineDir(dir)
  const refusedNames = (): string[] => namesIn(quarantineDir).filter((name) => REFUSED.test(name))
  return {
    list() {
      const stored = createProgress(dir).load()
      return namesIn(eventsDir).flatMap((file) => toSegment(eventsDir, file, stored))
    },
    *cat(dayOrName) {
      for (const file of namesIn(eventsDir)) {
        const name = unpackedName(file)
        if (name !== dayOrName && toSegmentDay(name) !== dayOrName) continue
        const bytes = readFileSync(join(eventsDir, file))
        yield* linesOf((file === name ? bytes : gunzipSync(bytes)).toString('utf8'))
      }
    },
    refused: () => refusedNames().flatMap((name) => readRefused(join(quarantineDir, name))),
    retry() {
      let count = 0
      // What an earlier attempt had taken goes first: it lies where the file of its day is taken to.
      for (const name of refusedNames().reverse())
        count += retryFile({ eventsDir, quarantineDir, name, nowMs: nowMs() })
      return count
    },
  }
}

const unpackedName = (file: string): string => (file.endsWith(GZ) ? file.slice(0, -GZ.length) : file)

/** None where nothing was ever written, or set aside. */
const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort(bySegment) : [])

function toSegment(eventsDir: string, file: string, stored: ReadonlyMap<string, number>): SegmentFile[] {
  const name = unpackedName(file)
  const day = toSegmentDay(name)
  const found = day === '' ? undefined : statSync(join(eventsDir, file), { throwIfNoEntry: false })
  if (!found) return []
  const packed = file !== name
  const waiting_bytes = packed ? 0 : Math.max(0, found.size - (stored.get(name) ?? 0))
  return [{ name: file, day, bytes: found.size, packed, waiting_bytes }]
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')

const readRefused = (path: string): RefusedLine[] => linesOf(readFileSync(path, 'utf8')).flatMap(toRefused)

/** None of a row that was torn: its line was not passed over then, and is set aside again. */
function toRefused(row: string): RefusedLine[] {
  try {
    return [JSON.parse(row)]
  } catch {
    return []
  }
}

interface Retry {
  readonly eventsDir: string
  readonly quarantineDir: string
  readonly name: string
  readonly nowMs: number
}

/**
 * The file is taken out of the way first, so that a drain which sets more aside meanwhile begins a new one; its lines are on
 * disk before it is called retried. What an attempt that was cut off left behind is tried again.
 */
function retryFile({ eventsDir, quarantineDir, name, nowMs }: Retry): number {
  const taken = join(quarantineDir, name.replace('refused_', 'retrying_'))
  renameSync(join(quarantineDir, name), taken)
  const lines = readRefused(taken).map(({ line, line_base64 }) =>
    line === undefined ? Buffer.from(line_base64 ?? '', 'base64') : Buffer.from(line),
  )
  const mark = toMark(process.pid, randomBytes(4).toString('hex'))
  const segment = createSegment(join(eventsDir, toSegmentName(toUtcDay(nowMs), mark, 1)))
  segment.append(Buffer.concat(lines.flatMap((line) => [line, NEWLINE])))
  segment.sync()
  segment.close()
  renameSync(taken, join(quarantineDir, `retried_${mark}_${name}`))
  return lines.length
}

const NEWLINE = Buffer.from('\n')
