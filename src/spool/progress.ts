/** A copy of the cursors in the folder. The database's are the truth; these tell how much waits while it is away. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Progress } from '../event/ports.ts'
import { toProgressPath } from './layout.ts'

export function createProgress(dir: string): Progress {
  const path = toProgressPath(dir)
  return {
    load() {
      try {
        return new Map(Object.entries<number>(JSON.parse(readFileSync(path, 'utf8'))))
      } catch {
        // Not there yet, or cut short by a crash: then everything on disk counts as waiting.
        return new Map()
      }
    },
    save(cursors) {
      const draft = `${path}.${process.pid}`
      writeFileSync(draft, JSON.stringify(Object.fromEntries(cursors)), { mode: 0o600 })
      renameSync(draft, path)
    },
  }
}
