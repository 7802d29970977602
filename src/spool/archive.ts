/** Segments that are stored are kept for a while, packed, so that a restored database can be filled again from them. */
import { createReadStream, createWriteStream } from 'node:fs'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { Archive } from '../event/ports/spool.ts'
import { isSegmentName, toEventsDir, toSegmentDay, toUtcDay } from './layout.ts'

export interface ArchiveOptions {
  readonly dir: string
  readonly compressAfterDays: number
  readonly deleteAfterDays: number
  readonly nowMs?: () => number
}

const DAY_MS = 86_400_000
export const GZ = '.gz'

export function createArchive({ dir, compressAfterDays, deleteAfterDays, nowMs = Date.now }: ArchiveOptions): Archive {
  const eventsDir = toEventsDir(dir)
  const isOlder = (name: string, days: number): boolean => toSegmentDay(name) < toUtcDay(nowMs() - days * DAY_MS)

  const names = async (): Promise<{ plain: string[]; packed: string[] }> => {
    const all = await readdir(eventsDir)
    const packed = all.filter((name) => name.endsWith(GZ)).map((name) => name.slice(0, -GZ.length))
    return { plain: all.filter(isSegmentName), packed: packed.filter(isSegmentName) }
  }

  return {
    async tidy(cursors) {
      const { plain, packed } = await names()
      const gone: string[] = []
      for (const name of plain) {
        const path = join(eventsDir, name)
        const stored = cursors.get(name) ?? 0
        if (!isOlder(name, compressAfterDays) || !(await isStored(path, stored))) continue
        if (isOlder(name, deleteAfterDays)) gone.push(name)
        // Without its torn tail, if it has one: what is packed is what is stored, to the byte.
        else if (stored > 0)
          await convert(path, `${path}${GZ}`, [createReadStream(path, { end: stored - 1 }), createGzip()])
      }
      gone.push(...packed.filter((name) => isOlder(name, deleteAfterDays)))
      for (const name of gone) {
        await rm(join(eventsDir, name), { force: true })
        await rm(join(eventsDir, `${name}${GZ}`), { force: true })
      }
      return gone
    },
    async unpack(cursors) {
      for (const name of (await names()).packed) {
        const path = join(eventsDir, name)
        const gz = `${path}${GZ}`
        if ((cursors.get(name) ?? 0) < (await unpackedBytes(gz)))
          await convert(gz, path, [createReadStream(gz), createGunzip()])
      }
    },
  }
}

/** Of a reader that keeps nothing: it only learns which segments of its are gone. */
export const createGoneArchive = (dir: string): Archive => ({
  async tidy(cursors) {
    const there = new Set(await readdir(toEventsDir(dir)))
    return [...cursors.keys()].filter((name) => !there.has(name) && !there.has(`${name}${GZ}`))
  },
  unpack: async () => undefined,
})

/** Whole lines only: a line torn by the end of its process was never acknowledged. */
async function isStored(path: string, cursor: number): Promise<boolean> {
  const { size } = await stat(path)
  if (cursor >= size) return true
  if (size - cursor > TAIL_BYTES) return false
  const file = await open(path, 'r')
  try {
    const rest = Buffer.alloc(size - cursor)
    await file.read(rest, 0, rest.length, cursor)
    return !rest.includes(10)
  } finally {
    await file.close()
  }
}

/** No line is longer; a larger rest is no torn line. */
const TAIL_BYTES = 64 * 1_048_576

type Conversion = readonly [NodeJS.ReadableStream, NodeJS.ReadWriteStream]

/** The new file is whole before the old one goes. */
async function convert(from: string, to: string, [source, through]: Conversion): Promise<void> {
  const draft = `${to}.part`
  await pipeline(source, through, createWriteStream(draft, { mode: 0o600, flush: true }))
  await rename(draft, to)
  await rm(from)
}

/** The last four bytes of a gzip file: its unpacked length (RFC 1952, modulo 2³²). */
export async function unpackedBytes(path: string): Promise<number> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const length = Buffer.alloc(4)
    await file.read(length, 0, 4, Math.max(0, size - 4))
    return length.readUInt32LE()
  } finally {
    await file.close()
  }
}
