/** The key that opens everything: given, or made once and kept for this user only. */
import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config/config.ts'

export interface AdminKey {
  readonly text: string
  /** The file that keeps it; undefined for a key that was given. */
  readonly file?: string
  /** Made by this call: say it now, as it is not shown again. */
  readonly isNew: boolean
}

/** The key of the options, else that of the folder, else a new one. */
export function resolveAdminKey({ adminKey, dir }: Pick<Config, 'adminKey' | 'dir'>): AdminKey {
  if (adminKey !== undefined) return { text: adminKey, isNew: false }
  const file = join(dir, 'admin-key')
  const kept = readKey(file)
  if (kept) return { text: kept, file, isNew: false }
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  // Left so by a disk that was full, or by an end of the process before the key was written.
  if (kept === '') rmSync(file, { force: true })
  const isNew = keep(file, `dbk_admin_${randomBytes(32).toString('base64url')}`)
  return { text: readFileSync(file, 'utf8').trim(), file, isNew }
}

function readKey(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** The file appears with its content or not at all. False where another process was first: then its key is everybody's. */
function keep(file: string, text: string): boolean {
  const draft = `${file}.${process.pid}`
  try {
    // Of a process of this id that was killed, it may be the file itself by another name.
    rmSync(draft, { force: true })
    writeFileSync(draft, `${text}\n`, { mode: 0o600 })
    linkSync(draft, file)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

const isCode = (error: unknown, code: string): boolean => Object(error).code === code
