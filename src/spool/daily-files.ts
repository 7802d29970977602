/** The segments of a day as one file of whole lines, packed or not. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { DailyBytes, DailyFiles } from '../event/ports/spool.ts'
import { GZ, unpackedBytes } from './archive.ts'
import { bySegment, isSegmentName, toEventsDir, toSegmentDay } from './layout.ts'

interface Part {
  /** Without the ending of a packed one: the bytes are the same. */
  readonly name: string
  readonly isPacked: boolean
  readonly bytes: number
}

export function createDailyFiles(dir: string): DailyFiles {
  const eventsDir = toEventsDir(dir)

  const partsOf = async (wanted: (day: string) => boolean): Promise<Part[]> => {
    const all = await readdir(eventsDir)
    const plain = all.filter(isSegmentName)
    // For a moment while it is packed, a segment is there twice.
    const packed = all
      .filter((name) => name.endsWith(GZ))
      .map((name) => name.slice(0, -GZ.length))
      .filter((name) => isSegmentName(name) && !plain.includes(name))
    const names = [...plain, ...packed].filter((name) => wanted(toSegmentDay(name))).sort(bySegment)
    const parts = await Promise.all(names.map((name) => toPart(eventsDir, name, !plain.includes(name))))
    return parts.filter((part) => part !== undefined)
  }

  return {
    async list() {
      const days = Map.groupBy(await partsOf(() => true), ({ name }) => toSegmentDay(name))
      return [...days]
        .sort()
        .reverse()
        .map(([date, parts]) => ({
          date,
          bytes: sum(parts),
          segments: parts.length,
          packed: parts.every(({ isPacked }) => isPacked),
        }))
    },
    async open(date) {
      const parts = await partsOf((day) => day === date)
      return parts.length === 0 ? undefined : toDay(eventsDir, parts)
    },
  }
}

const sum = (parts: readonly Part[]): number => parts.reduce((total, { bytes }) => total + bytes, 0)

/** Undefined when it is gone since it was listed. */
async function toPart(eventsDir: string, name: string, isPacked: boolean): Promise<Part | undefined> {
  const path = join(eventsDir, name)
  try {
    return { name, isPacked, bytes: isPacked ? await unpackedBytes(`${path}${GZ}`) : await wholeBytes(path) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

const TAIL_BYTES = 65_536
const NEWLINE = 10

/** Up to the last newline: what is behind it is being written, or was torn. */
async function wholeBytes(path: string): Promise<number> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    return await lastBorder(file, size)
  } finally {
    await file.close()
  }
}

async function lastBorder(file: FileHandle, size: number): Promise<number> {
  const bytes = Buffer.alloc(TAIL_BYTES)
  for (let end = size; end > 0; end -= TAIL_BYTES) {
    const start = Math.max(0, end - TAIL_BYTES)
    const { bytesRead } = await file.read(bytes, 0, end - start, start)
    const at = bytes.subarray(0, bytesRead).lastIndexOf(NEWLINE)
    if (at >= 0) return start + at + 1
  }
  return 0
}

function toDay(eventsDir: string, parts: readonly Part[]): DailyBytes {
  const tag = createHash('sha256')
    .update(parts.map(({ name, bytes }) => `${name} ${bytes}`).join('\n'))
    .digest('base64url')
    .slice(0, 32)
  async function* read(from: number, to: number): AsyncGenerator<Uint8Array> {
    let start = 0
    for (const part of parts) {
      const [first, last] = [Math.max(0, from - start), Math.min(part.bytes, to - start)]
      if (first < last) yield* readPart(join(eventsDir, part.name), part.isPacked, first, last)
      start += part.bytes
    }
  }
  return { bytes: sum(parts), tag, read }
}

async function* readPart(path: string, isPacked: boolean, from: number, to: number): AsyncGenerator<Uint8Array> {
  if (!isPacked) {
    try {
      return yield* createReadStream(path, { start: from, end: to - 1 })
    } catch (error) {
      // Packed since it was listed; nothing of it was read yet, as a file that is open can be read to its end.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  let at = 0
  const unpacked: AsyncIterable<Buffer> = pipeline(createReadStream(`${path}${GZ}`), createGunzip(), () => undefined)
  for await (const bytes of unpacked) {
    const piece = bytes.subarray(Math.max(0, from - at), Math.max(0, to - at))
    at += bytes.length
    if (piece.length > 0) yield piece
    if (at >= to) return
  }
}
