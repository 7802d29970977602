/**
 * Lines that could not be stored wait here with the reason; they are already redacted, as everything on disk is. They are
 * on the disk itself before the cursor passes them: no drain will meet them again.
 */
import { appendFileSync, closeSync, fstatSync, ftruncateSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Quarantine } from '../event/ports/spool.ts'
import { toQuarantineDir, toUtcDay } from './layout.ts'
import { openOwn, syncFolder } from './segment.ts'

export function createQuarantine(dir: string, nowMs: () => number = Date.now): Quarantine {
  const folder = toQuarantineDir(dir)
  let known: string | undefined
  return {
    put({ segment, at, reason, bytes }) {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const now = nowMs()
      const text = bytes.toString('utf8')
      const isText = Buffer.from(text).equals(bytes)
      const line = isText ? { line: text } : { line_base64: bytes.toString('base64') }
      const row = { refused_at: new Date(now).toISOString(), segment, at, reason, ...line }
      const path = join(folder, `refused_${toUtcDay(now)}.jsonl`)
      const fd = openOwn(path, 'append')
      try {
        appendOrUndo(fd, `${JSON.stringify(row)}\n`)
      } finally {
        closeSync(fd)
      }
      if (known !== path) syncFolder(folder)
      known = path
    },
  }
}

/** Half a row would make one with the row after it, and neither could be read. */
function appendOrUndo(fd: number, row: string): void {
  const { size } = fstatSync(fd)
  try {
    appendFileSync(fd, row, { flush: true })
  } catch (error) {
    ftruncateSync(fd, size)
    throw error
  }
}
