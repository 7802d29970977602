/** Requests per second of one page of events through the API, beside bare Express and pg with the same statement. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express, { type RequestHandler } from 'express'
import pg from 'pg'
import { DATABASE } from '../src/config/defaults.ts'
import type { Event } from '../src/event/event.ts'
import { eventLogging } from '../src/index.ts'
import { openWriter } from '../src/store/writer.ts'
import type { Bench, BenchOptions, BenchResult } from './bench.ts'
import { drive, toGet } from './load.ts'
import { openBenchDatabase } from './postgres.ts'
import { type Figures, type Measured, middleOf, middleOfRounds, roundsOf, takeTurns, toRounded } from './rounds.ts'
import { toSampleEvents } from './sample-events.ts'

const DEFAULT_ROUNDS = 7
const ROWS = 20_000
const USERS = 100
const REQUESTS = 300
const PATH = '/events?limit=100&user_id=user-7'
/** What `load.ts` shows. */
const KEY = 'bench-bench-bench-bench'
const NO_LIMIT = 1_000_000

export const api: Bench = {
  name: 'api',
  about: 'requests/s of GET /events, over those of bare Express and pg with the same statement',
  run,
}

async function run({ rounds = DEFAULT_ROUNDS, database: serverUrl, progress }: BenchOptions): Promise<BenchResult> {
  const database = await openBenchDatabase(serverUrl)
  const dir = mkdtempSync(join(tmpdir(), 'daybook-bench-api-'))
  try {
    await fill(database.url)
    const options = { dir, database: database.url, adminKey: KEY, rateLimit: NO_LIMIT, readsOnRecord: false }
    const logging = eventLogging({ ...options, onNotice: () => undefined })
    const daybook = await listen(logging.router())
    const asked = await findStatement(() => drive({ port: daybook.port, requests: 1, request: toGet(PATH) }))
    const pool = new pg.Pool({ connectionString: database.url, max: DATABASE.readers })
    const bare = await listen(
      express().get('/events', async (_req, res) => {
        const { rows } = await pool.query(asked.text, [...asked.values])
        res.json({ events: rows })
      }),
    )
    const ports: Readonly<Record<string, number>> = { daybook: daybook.port, 'Express and pg': bare.port }
    for (const port of Object.values(ports)) await measure(port)
    try {
      const variants = Object.keys(ports)
      const measured = await takeTurns({ rounds, variants, measure: (name) => measure(ports[name] ?? 0), progress })
      return toResult(measured, database.version)
    } finally {
      daybook.close()
      bare.close()
      await pool.end()
      await logging.close()
    }
  } finally {
    await database.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function fill(url: string): Promise<void> {
  const settings = { retention: { eventsDays: 30, errorsDays: 90 }, timeoutMs: DATABASE.writeTimeoutMs } as const
  const writer = await openWriter({ kind: 'server', url, ...DATABASE }, { ...settings, references: 'own' })
  const events = toSampleEvents(ROWS).map((event, n) => ({ ...event, user_id: `user-${n % USERS}` }) as Event)
  const step = 1_000
  for (let from = 0; from < ROWS; from += step) {
    const batch = { segment: 'events_2026-11-21_1-bench.jsonl', from, to: from + step }
    await writer.write({ ...batch, events: events.slice(from, from + step), errors: [] })
  }
  await writer.close()
}

async function listen(app: RequestHandler): Promise<{ readonly port: number; readonly close: () => void }> {
  const server = createServer(express().use(app))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, close: () => void server.close() }
}

interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/** What Daybook asks the database for the page, word for word. */
async function findStatement(ask: () => Promise<void>): Promise<Statement> {
  const { query } = pg.Client.prototype
  const told: Statement[] = []
  const watched = function (this: pg.Client, ...given: unknown[]) {
    const [first, second] = given as [string | Statement, readonly unknown[] | undefined]
    const text = typeof first === 'string' ? first : first?.text
    const values = (typeof first === 'string' ? second : first?.values) ?? []
    if (text?.includes('with page as')) told.push({ text, values })
    return Reflect.apply(query, this, given)
  }
  pg.Client.prototype.query = watched as typeof query
  await ask().finally(() => {
    pg.Client.prototype.query = query
  })
  const [statement] = told
  if (!statement) throw new Error('Daybook did not ask the database by pg.')
  return statement
}

async function measure(port: number): Promise<Figures> {
  const began = performance.now()
  const cpu = process.cpuUsage()
  await drive({ port, requests: REQUESTS, request: toGet(PATH) })
  const { user, system } = process.cpuUsage(cpu)
  return { requests_per_s: REQUESTS / ((performance.now() - began) / 1000), node_us: (user + system) / REQUESTS }
}

function toResult(measured: Measured, version: string): BenchResult {
  const rate = ({ requests_per_s = Number.NaN }: Figures): number => requests_per_s
  const ratio = toRounded(middleOfRounds(measured, (of) => rate(of('daybook')) / rate(of('Express and pg'))))
  const figures = [...measured.keys()].map((name) => ({
    name,
    requests_per_s: Math.round(middleOf(measured, name, 'requests_per_s')),
    node_us: Math.round(middleOf(measured, name, 'node_us')),
  }))
  return {
    bench: 'api',
    ratio,
    rounds: roundsOf(measured),
    raw: Object.fromEntries(figures.map(({ name, ...rest }) => [name, rest])),
    table: [
      ['path', 'requests/s', 'CPU of Node, µs/request'],
      ...figures.map(({ name, requests_per_s, node_us }) => [name, String(requests_per_s), String(node_us)]),
    ],
    peers: ['express', 'pg'],
    notes: [
      `\`GET ${PATH}\`: 100 of ${ROWS / USERS} rows of one user, of ${ROWS} in Postgres ${version}; 8 connections of the same process, whose CPU is in the figure too; mean of the middle half of ${roundsOf(measured)} rounds of ${REQUESTS}.`,
      'Beside it, a route of bare Express sends the rows of the same statement as JSON: without key, limits, roles, checks of request and answer, or cursors.',
    ],
  }
}
