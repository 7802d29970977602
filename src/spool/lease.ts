/**
 * Which process drains a folder, and so holds its embedded database: PGlite takes no lock of its own.
 *
 * The holder is named in `drain.lock.N` with the highest N. Taking over from a dead holder of N means to create N + 1,
 * which only one of several can. Nothing is handed back by deleting: the number only grows, so a slow contender that
 * looked before someone else took over finds its number taken, or a higher one beside it.
 */
import { linkSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { toStartTime } from './process-identity.ts'

export interface Holder {
  readonly pid: number
  readonly started: string
  readonly host: string
  /** Tells several event logs of one process apart; a restarted thread of the same one takes its lease back. */
  readonly instance: string
  readonly released?: boolean
}

export interface Lease {
  /** Call it more often than `SILENT_MS`: holders on other hosts are only known by it. */
  renew(): void
  release(): void
}

/** A holder on another host that has not renewed its lease for this long is gone. */
export const SILENT_MS = 60_000

const LOCK = /^drain\.lock\.(\d+)$/

/** The lease, or the process that holds it. */
export function takeLease(dir: string, instance: string): Lease | Holder {
  const self: Holder = { pid: process.pid, started: toStartTime(process.pid) ?? '', host: hostname(), instance }
  for (;;) {
    const numbers = toNumbers(dir)
    const highest = numbers[0] ?? 0
    const holder = highest > 0 ? readHolder(toPath(dir, highest)) : undefined
    if (holder && !isSame(holder, self) && isAlive(holder, toPath(dir, highest))) return holder
    const path = toPath(dir, highest + 1)
    if (!createLock(path, self)) continue
    // Overtaken twice since the look: the number was free again, and its holder has a higher one.
    if ((toNumbers(dir)[0] ?? 0) > highest + 1) {
      rmSync(path, { force: true })
      continue
    }
    for (const number of numbers) rmSync(toPath(dir, number), { force: true })
    return {
      renew: () => utimesSync(path, new Date(), new Date()),
      release: () => writeFileSync(path, JSON.stringify({ ...self, released: true })),
    }
  }
}

/** The process that drains the folder now, without taking it over. */
export function findHolder(dir: string): Holder | undefined {
  const [highest] = toNumbers(dir)
  const holder = highest === undefined ? undefined : readHolder(toPath(dir, highest))
  return holder && highest !== undefined && isAlive(holder, toPath(dir, highest)) ? holder : undefined
}

export const isLease = (taken: Lease | Holder): taken is Lease => 'release' in taken

const toPath = (dir: string, number: number): string => join(dir, `drain.lock.${number}`)

const isSame = (a: Holder, b: Holder): boolean =>
  a.pid === b.pid && a.started === b.started && a.host === b.host && a.instance === b.instance

const toNumbers = (dir: string): number[] =>
  readdirSync(dir)
    .flatMap((name) => LOCK.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a)

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    // Gone: someone took over just now, and the next number is taken too.
    return undefined
  }
}

/** A process of this host can be looked up. One of another, such as a container that is gone, is known by its silence. */
function isAlive(holder: Holder, path: string): boolean {
  if (holder.released) return false
  if (holder.host === hostname()) return toStartTime(holder.pid) === holder.started
  const renewed = statSync(path, { throwIfNoEntry: false })?.mtimeMs
  return renewed !== undefined && Date.now() - renewed < SILENT_MS
}

/** The file appears with its content or not at all: a reader must never see it empty. */
function createLock(path: string, self: Holder): boolean {
  const draft = `${path}.${self.pid}-${self.instance}`
  try {
    writeFileSync(draft, JSON.stringify(self), { mode: 0o600 })
    linkSync(draft, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}
