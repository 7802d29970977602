/** The key that opens everything: given, or made once and kept for this user only. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
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
  const text = `dbk_admin_${randomBytes(32).toString('base64url')}`
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    writeFileSync(file, `${text}\n`, { mode: 0o600, flag: 'wx' })
    return { text, file, isNew: true }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    return { text: readFileSync(file, 'utf8').trim(), file, isNew: false }
  }
}
