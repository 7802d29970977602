/** CPU that a request costs an Express server, with each logger before it. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench, BenchOptions, BenchResult } from './bench.ts'
import type { FromServer, ToServer } from './capture-server.ts'
import { VARIANTS } from './capture-variants.ts'
import { awake, drive, toGet, toPost } from './load.ts'
import { openBenchDatabase } from './postgres.ts'
import {
  type Figures,
  type Measured,
  middleOf,
  middleOfRounds,
  roundsOf,
  type Turns,
  takeTurns,
  toRounded,
} from './rounds.ts'

/** The compiler decides otherwise in each process, which is worth some µs: each variant is measured in several. */
const LAUNCHES = 3
const LAUNCH_MS = 30_000
const REQUESTS = 3_000
const WARM_UP = 12_000
const DEFAULT_ROUNDS = 9

const ITEMS = Array.from({ length: 12 }, (_, n) => ({ sku: `SKU-${1000 + n}`, name: 'A thing with a name', amount: n }))
const KINDS = {
  get: toGet('/orders/42?page=2'),
  post: toPost('/orders', { customer: 'customer-17', note: 'x'.repeat(180), items: ITEMS }),
} as const
type Kind = keyof typeof KINDS

export const capture: Bench = {
  name: 'capture',
  about: 'CPU of an Express server per request, over that which pino-http adds',
  run,
}

async function run({ rounds = DEFAULT_ROUNDS, database: serverUrl, progress }: BenchOptions): Promise<BenchResult> {
  const database = await openBenchDatabase(serverUrl)
  const dir = mkdtempSync(join(tmpdir(), 'daybook-bench-capture-'))
  try {
    const measured = new Map<string, Figures[]>()
    for (let launch = 1; launch <= LAUNCHES; launch++) {
      progress(`launch ${launch} of ${LAUNCHES}: warming up`)
      const turns = { rounds: Math.ceil(rounds / LAUNCHES), budgetMs: LAUNCH_MS, progress }
      for (const [variant, figures] of await launchAll(turns, dir, database.url))
        measured.set(variant, [...(measured.get(variant) ?? []), ...figures])
    }
    return toResult(measured, database.version)
  } finally {
    await database.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** All variants, each in a process of its own, and in turns. */
async function launchAll(turns: Omit<Turns, 'variants' | 'measure'>, dir: string, database: string): Promise<Measured> {
  const servers = new Map<string, Server>()
  try {
    for (const variant of Object.keys(VARIANTS))
      servers.set(variant, await startServer(variant, mkdtempSync(join(dir, 'files-')), database))
    for (const server of servers.values()) for (const kind of kinds) await server.measure(kind, WARM_UP)
    const measure = (variant: string): Promise<Figures> => measureBoth(servers.get(variant))
    return await takeTurns({ ...turns, variants: [...servers.keys()], measure })
  } finally {
    for (const server of servers.values()) await server.stop()
  }
}

/**
 * Daybook without its drain, which has a bench of its own, over its peer: as both come; where both promise that a line is
 * with the kernel when the answer leaves; where neither does; and with all that is asked of them, in both ways.
 */
const ALONE = ['daybook, database away', 'pino-http'] as const
const BOTH_SYNC = ['daybook, database away', 'pino-http, sync'] as const
const BOTH_LATER = ['daybook, relaxed, database away', 'pino-http'] as const
const ALL_ON = ['daybook, everything on, database away', 'pino-http, redaction and bodies'] as const
const ALL_ON_LATER = ['daybook, everything on, relaxed, database away', ALL_ON[1]] as const
const PAIRS = [ALONE, BOTH_SYNC, BOTH_LATER, ALL_ON, ALL_ON_LATER]
type Pair = (typeof PAIRS)[number]

const PEERS = [
  ...['express', 'pino-http', 'pino', 'morgan', 'express-winston', 'winston', '@opentelemetry/sdk-node'],
  ...['@opentelemetry/instrumentation-http', '@opentelemetry/instrumentation-express'],
]

const kinds = Object.keys(KINDS) as Kind[]

/** µs of CPU for each request. */
interface Cost {
  readonly app: number
  readonly process: number
}

interface Server {
  measure(kind: Kind, requests: number): Promise<Cost>
  stop(): Promise<void>
}

async function startServer(variant: string, dir: string, database: string): Promise<Server> {
  const child = fork(new URL('./capture-server.ts', import.meta.url), [variant, dir, database], {
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const listening = await hear(child, 'listening')
  return {
    async measure(kind, requests) {
      ask(child, { say: 'begin' })
      await hear(child, 'begun')
      await awake(drive({ port: listening.port, requests, request: KINDS[kind] }))
      ask(child, { say: 'end' })
      const { app_us, process_us } = await hear(child, 'ended')
      return { app: app_us / requests, process: process_us / requests }
    },
    async stop() {
      if (child.exitCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

const ask = (child: ChildProcess, message: ToServer): void => void child.send(message)

type Heard<Say> = Extract<FromServer, { say: Say }>

function hear<Say extends FromServer['say']>(child: ChildProcess, say: Say): Promise<Heard<Say>> {
  return new Promise((resolve, reject) => {
    const exited = (code: number | null): void => reject(new Error(`A server ended early, with code ${code}.`))
    child.once('exit', exited)
    child.once('message', (message: FromServer) => {
      child.off('exit', exited)
      if (message.say === say) resolve(message as Heard<Say>)
      else reject(new Error(`A server said "${message.say}" instead of "${say}".`))
    })
  })
}

async function measureBoth(server: Server | undefined): Promise<Figures> {
  if (!server) throw new Error('No server for this variant.')
  const get = await server.measure('get', REQUESTS)
  const post = await server.measure('post', REQUESTS)
  return { get_app: get.app, get_process: get.process, post_app: post.app, post_process: post.process }
}

const FIGURES = ['get_app', 'get_process', 'post_app', 'post_process'] as const
type Figure = (typeof FIGURES)[number]

function toResult(measured: Measured, version: string): BenchResult {
  const rounds = roundsOf(measured)
  const added = (variant: string, figure: Figure): number =>
    middleOfRounds(measured, (of) => (of(variant)[figure] ?? Number.NaN) - (of('bare')[figure] ?? Number.NaN))
  const ratioOf = ([own, peer]: Pair, figure: Figure): number => toRounded(added(own, figure) / added(peer, figure))
  const variants = [...measured.keys()]
  const raw = variants.map((variant) => [
    variant,
    Object.fromEntries(FIGURES.map((figure) => [figure, toRounded(middleOf(measured, variant, figure), 1)])),
  ])
  const ratios = PAIRS.map((pair) => [
    pair.join(' ÷ '),
    Object.fromEntries(FIGURES.map((figure) => [figure, ratioOf(pair, figure)])),
  ])
  return {
    bench: 'capture',
    ratio: ratioOf(ALONE, 'get_process'),
    rounds,
    raw: { us_per_request: Object.fromEntries(raw), ratios: Object.fromEntries(ratios) },
    table: [
      ['CPU per request, µs', "GET, app's thread", 'GET, process', "POST 1 KB, app's thread", 'POST 1 KB, process'],
      ['bare', ...FIGURES.map((figure) => middleOf(measured, 'bare', figure).toFixed(1))],
      ...variants
        .filter((variant) => variant !== 'bare')
        .map((variant) => [variant, ...FIGURES.map((figure) => `+${added(variant, figure).toFixed(1)}`)]),
      ...PAIRS.map((pair) => [pair.join(' ÷ '), ...FIGURES.map((figure) => ratioOf(pair, figure).toFixed(2))]),
    ],
    notes: toNotes(rounds, version),
    peers: PEERS,
  }
}

const toNotes = (rounds: number, version: string): string[] => [
  `Express 5 in a process of its own for each variant, driven over keep-alive loopback by this one, which never sleeps, so that no server has to wake it; mean of the middle half of ${rounds} rounds of ${REQUESTS.toLocaleString('en')} requests in ${LAUNCHES} launches, the variants in turns, in another order each. "+" is over bare.`,
  `The ratio is that of "${ALONE[0]}" on GET, of the whole process: what each pays to have a request in a file. pino-http writes asynchronously, on Node's thread pool, which is in the figure of the process alone. Daybook writes on the app's thread, and has written when the answer leaves. Two more pairs promise alike: "pino-http, sync" has written too, and "relaxed" writes up to 10 ms later, as pino-http does at some time.`,
  '"Everything on" is e-mail addresses, phone numbers and a pattern of the app\'s own, bodies, headers, and limits by route; the rest of redaction, threats and risk are on as it comes. Without a geo database, and nobody is logged in.',
  `The process of "daybook" also stores each event in Postgres ${version} while the requests go on; the others only write a file, or nothing.`,
]
