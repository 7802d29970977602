/** Drafts of processes that were killed between writing and renaming them. For the holder of the lease alone. */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { toEventsDir } from './layout.ts'
import { type Holder, SILENT_MS } from './lease.ts'
import { toStartTime } from './process-identity.ts'

const LOCK_DRAFT = /^drain\.lock\.\d+\.\d+-/
const PROGRESS_DRAFT = /^(?:(?:drain|forward)\.progress\.json|instance-id|admin-key)\.(\d+)$/
/** Of a segment that was being packed or unpacked, which only the holder does. */
const PART = /^events_.+\.part$/

const DAY_MS = 86_400_000

/** Never throws: what can't be removed now is looked at again when a drain starts. */
export function sweep(dir: string, nowMs: () => number = Date.now): void {
  const isOlder = (path: string, ms: number): boolean => nowMs() - statSync(path).mtimeMs > ms
  const removeIf = (path: string, isLeft: () => boolean): void => {
    try {
      if (isOlder(path, DAY_MS) || isLeft()) rmSync(path, { force: true })
    } catch {
      // Renamed or removed just now, by whoever made it.
    }
  }
  for (const name of tryList(dir)) {
    const path = join(dir, name)
    const pid = Number(PROGRESS_DRAFT.exec(name)?.[1] ?? 0)
    if (LOCK_DRAFT.test(name)) removeIf(path, () => hasDied(path))
    // A pid says nothing of a process on another host, which would be done by now.
    else if (pid > 0) removeIf(path, () => toStartTime(pid) === undefined && isOlder(path, SILENT_MS))
  }
  for (const name of tryList(toEventsDir(dir))) {
    const path = join(toEventsDir(dir), name)
    // Whoever holds the folder, on whichever host, goes on writing to it.
    if (PART.test(name)) removeIf(path, () => isOlder(path, SILENT_MS))
  }
}

/** Known of a process of this host, whose draft names it. */
function hasDied(path: string): boolean {
  const { pid, started, host }: Holder = JSON.parse(readFileSync(path, 'utf8'))
  return host === hostname() && toStartTime(pid) !== started
}

function tryList(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
