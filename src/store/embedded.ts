/** Postgres in WASM, in a folder. It runs on the thread that opens it and takes no lock: the drain's lease guards it. */
import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { Fault, toReason } from '../event/fault.ts'
import { PARSERS } from './parsers.ts'

const toDataDir = (dir: string): string => join(dir, 'pglite')

export const hasEmbedded = (dir: string): boolean => existsSync(toDataDir(dir))

/** Takes seconds the first time, when the database is made. */
export async function openEmbedded(dir: string): Promise<PGlite> {
  const dataDir = toDataDir(dir)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  closeToOthers(dataDir)
  try {
    return await PGlite.create({ dataDir, parsers: PARSERS })
  } catch (error) {
    const advice = `A loss of power can damage it: then move ${dataDir} away, and a new one is filled from the daily files.`
    throw new Fault('database_unreachable', `The embedded database can't be opened: ${toReason(error)}. ${advice}`, {
      cause: error,
    })
  }
}

/** One that came out of a backup may be open to others, as the files in it are. */
function closeToOthers(folder: string): void {
  try {
    chmodSync(folder, 0o700)
  } catch {
    // It is of another account, which shares it with ours.
  }
}
