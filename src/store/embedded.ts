/** Postgres in WASM, in a folder. It runs on the thread that opens it and takes no lock: the drain's lease guards it. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { Fault, toReason } from '../event/fault.ts'

const asText = (text: string): string => text
/** date, timestamp, timestamptz, interval: as text, like on a server; a Date would cut the microseconds. */
const PARSERS = Object.fromEntries([1082, 1114, 1184, 1186].map((oid) => [oid, asText]))

/** Takes seconds the first time, when the database is made. */
export async function openEmbedded(dir: string): Promise<PGlite> {
  const dataDir = join(dir, 'pglite')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  try {
    return await PGlite.create({ dataDir, parsers: PARSERS })
  } catch (error) {
    const advice = `A loss of power can damage it: then move ${dataDir} away, and a new one is filled from the daily files.`
    throw new Fault('database_unreachable', `The embedded database can't be opened: ${toReason(error)}. ${advice}`, {
      cause: error,
    })
  }
}
