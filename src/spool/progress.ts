/**
 * Cursors in the folder. Of the drain they are a copy: the database's are the truth, and these tell how much waits while
 * it is away. Where events are sent on, they are all there is.
 */
import { closeSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Progress } from '../event/ports/spool.ts'
import { type ProgressOf, toProgressPath } from './layout.ts'
import { openOwn } from './segment.ts'

export function createProgress(dir: string, of: ProgressOf = 'drain'): Progress {
  const path = toProgressPath(dir, of)
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
      const fd = openOwn(draft, 'anew')
      try {
        writeFileSync(fd, JSON.stringify(Object.fromEntries(cursors)))
      } finally {
        closeSync(fd)
      }
      renameSync(draft, path)
    },
  }
}
