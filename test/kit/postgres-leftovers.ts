/** Clears what earlier test runs left: servers whose owner was killed, and kept data that nobody came for. */

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitUntil } from './wait-until.ts'

export const RUN_PREFIX = 'daybook-test-pg-'
/** File in a run's folder with the pid of the process that owns it. */
export const OWNER = 'owner'
/** File in a run's folder that says that a failed test wants its data. */
export const KEPT = 'kept'
const KEPT_MS = 3 * 24 * 60 * 60 * 1000

export async function sweepRuns(parent: string = tmpdir()): Promise<void> {
  for (const name of readdirSync(parent)) {
    if (name.startsWith(RUN_PREFIX)) await sweepRun(join(parent, name))
  }
}

async function sweepRun(folder: string): Promise<void> {
  const owner = readNumber(join(folder, OWNER))
  if (owner === undefined || isAlive(owner)) return
  const server = readNumber(join(folder, 'data', 'postmaster.pid'))
  try {
    if (server !== undefined && isAlive(server) && commandOf(server).includes(folder)) await end(server)
    if (!isWanted(folder)) rmSync(folder, { recursive: true, force: true })
  } catch {
    // Somebody else's run on this machine; it is not in our way.
  }
}

async function end(pid: number): Promise<void> {
  process.kill(pid, 'SIGINT')
  await waitUntil(() => !isAlive(pid), { what: `a left-over Postgres (pid ${pid}) to end` })
}

function isWanted(folder: string): boolean {
  const kept = statSync(join(folder, KEPT), { throwIfNoEntry: false })
  return kept !== undefined && Date.now() - kept.mtimeMs < KEPT_MS
}

function readNumber(file: string): number | undefined {
  try {
    const number = Number.parseInt(readFileSync(file, 'utf8'), 10)
    return number > 1 ? number : undefined
  } catch {
    return undefined
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  }
}
