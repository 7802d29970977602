/** Looks for many texts at once in all files of a folder, whatever their form. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toParts } from './reveal.ts'

const MIN_BYTES = 10
const MAX_BYTES = 16

/** Pieces of a secret, end to end: of digits only as a whole, as numbers are everywhere. */
function toPieces(secret: string): string[] {
  const parts = toParts(secret)
  const body =
    (parts[0] ?? '') +
    parts
      .slice(1)
      .map((part) => part.at(-1))
      .join('')
  if (/^\d+$/.test(body)) return [body]
  const pieces = Array.from({ length: Math.ceil(body.length / MAX_BYTES) }, (_, at) =>
    body.slice(at * MAX_BYTES, (at + 1) * MAX_BYTES),
  )
  return pieces.filter((piece) => Buffer.byteLength(piece) >= MIN_BYTES)
}

export interface Finder {
  /** Those that the bytes have in them. */
  find(bytes: Buffer): readonly string[]
}

export function createFinder(secrets: Iterable<string>): Finder {
  const heads = new Uint8Array(1 << 24)
  const byHead = new Map<string, Buffer[]>()
  for (const secret of secrets)
    for (const piece of toPieces(secret)) {
      const bytes = Buffer.from(piece)
      heads[bytes.readUIntBE(0, 3)] = 1
      const head = bytes.toString('latin1', 0, MIN_BYTES)
      byHead.set(head, [...(byHead.get(head) ?? []), bytes])
    }
  const find = (bytes: Buffer): string[] => {
    const found = new Set<string>()
    for (let at = 0; at + MIN_BYTES <= bytes.length; at++) {
      if (heads[((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)] === 0) continue
      const pieces = byHead.get(bytes.toString('latin1', at, at + MIN_BYTES)) ?? []
      for (const piece of pieces) if (piece.equals(bytes.subarray(at, at + piece.length))) found.add(piece.toString())
    }
    return [...found]
  }
  return { find }
}

/** By file, what is found in it. */
export function findInFiles(
  folder: string,
  { find }: Finder,
): { readonly bytes: number; readonly found: readonly string[] } {
  let bytes = 0
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile()) return []
    const path = join(entry.parentPath, entry.name)
    const content = readFileSync(path)
    bytes += content.length
    return find(content).map((piece) => `${path}: ${piece}`)
  })
  return { bytes, found }
}
