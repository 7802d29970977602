/** Postgres in WASM, in a folder. It runs on the thread that opens it and takes no lock: the drain's lease guards it. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'

const asText = (text: string): string => text
/** date, timestamp, timestamptz, interval: as text, like on a server; a Date would cut the microseconds. */
const PARSERS = Object.fromEntries([1082, 1114, 1184, 1186].map((oid) => [oid, asText]))

/** Takes seconds the first time, when the database is made. */
export function openEmbedded(dir: string): Promise<PGlite> {
  const dataDir = join(dir, 'pglite')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  return PGlite.create({ dataDir, parsers: PARSERS })
}
