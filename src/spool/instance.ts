/** The id of the event log in a folder: made once, and the same for all processes on it. */
import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isUuid } from '../event/id.ts'
import { toInstancePath } from './layout.ts'

/** Throws what the file system throws. */
export function readInstance(dir: string): string {
  const path = toInstancePath(dir)
  const known = read(path)
  if (known !== undefined) return known
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, randomUUID(), { mode: 0o600 })
  try {
    linkSync(draft, path)
  } catch {
    // Another process was first: then its id is everybody's.
  } finally {
    rmSync(draft, { force: true })
  }
  return read(path) ?? randomUUID()
}

function read(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim()
    return isUuid(text) ? text : undefined
  } catch {
    return undefined
  }
}
