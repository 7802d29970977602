/** What a fresh database begins with. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { DatabaseTarget } from './database.ts'

/**
 * `empty`: nothing, as at the very first start · `app`: what an app without settings has left, which is the schema with
 * references to no tables on a server, and to Daybook's own in a folder · `own`: the schema with references to Daybook's
 * own · `host`: what the migrator of `host-orm.ts` has made.
 */
export type Contents = 'empty' | 'app' | 'own' | 'host'

const SCRIPT = fileURLToPath(new URL('prepare-database.ts', import.meta.url))
const run = promisify(execFile)

/** By the sources as they are, in a process of its own: what a test has mocked is not in it. */
export async function prepareDatabase(target: DatabaseTarget, contents: Contents): Promise<void> {
  const env = { ...process.env, NODE_OPTIONS: undefined }
  await run(process.execPath, [SCRIPT, JSON.stringify(target), contents], { env })
}

/** Partitions are made for today and the days after: a run that passes midnight has another template then. */
export const today = (): string => new Date().toISOString().slice(0, 10)
