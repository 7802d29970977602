/** What takes long and is the same for all: whoever needs it first in a run of Jest makes it, also for the other worker. */
import { existsSync, mkdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { waitUntil } from './wait-until.ts'

/** A folder of this run; named by `global-setup.ts`, removed by `global-teardown.ts`. */
export const SHARED_FOLDER = 'TEST_SHARED_FOLDER'

export const sharedFolder = (): string => process.env[SHARED_FOLDER] ?? ''

const LONGEST_MS = 300_000

/** Gives the folder that `make` has filled: aside, so that it is there whole or not at all. Where that failed, the next one tries. */
export async function oncePerRun(name: string, make: (aside: string) => Promise<void>): Promise<string> {
  const folder = join(sharedFolder(), name)
  const aside = `${folder}.making`
  mkdirSync(sharedFolder(), { recursive: true })
  const turn = () => (existsSync(folder) ? 'made' : claim(aside) && 'ours')
  if ((await waitUntil(turn, { what: `${name} of this run`, timeoutMs: LONGEST_MS })) === 'made') return folder
  // It may have been made since it was looked for.
  if (existsSync(folder)) rmdirSync(aside)
  else await fill(folder, aside, make)
  return folder
}

async function fill(folder: string, aside: string, make: (aside: string) => Promise<void>): Promise<void> {
  try {
    await make(aside)
    renameSync(aside, folder)
  } catch (error) {
    rmSync(aside, { recursive: true, force: true })
    throw error
  }
}

/** Of several, one makes the folder. */
function claim(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
