/** Whether answers take the same time in a log of ten times the size, and what they cost over the same SQL by hand. */
import type { CompiledQuery } from 'kysely'
import pg from 'pg'
import { DATABASE } from '../src/config/defaults.ts'
import type { EventReader } from '../src/event/ports/readers.ts'
import type { EventSelection } from '../src/event/query.ts'
import type { Viewer } from '../src/event/viewer.ts'
import { createEventRepository } from '../src/store/event-repository.ts'
import { migrate } from '../src/store/migrate.ts'
import { createOrm, type Orm } from '../src/store/orm.ts'
import { rebuildRollups } from '../src/store/rollups/roller.ts'
import { createStoryRepository } from '../src/store/story-repository.ts'
import type { Bench, BenchOptions, BenchResult } from './bench.ts'
import { openBenchDatabase } from './postgres.ts'
import { DAYS, END_MS, fill, sessionsOf, toProject, toTrace, tracesOf, usersOf } from './query-data.ts'
import {
  type Figures,
  type Measured,
  middleOf,
  middleOfRounds,
  midmean,
  roundsOf,
  takeTurns,
  toRounded,
} from './rounds.ts'

const ROWS = [200_000, 2_000_000] as const
const DEFAULT_ROUNDS = 5
const TIMES = 9
const DAY_MS = 86_400_000
const ADMIN: Viewer = { role: 'admin', tenant_id: 'default' }
const LIMIT = 50

export const query: Bench = {
  name: 'query',
  about: 'pages, search and statistics in a log of ten times the size (--rows 200000,2000000)',
  isLong: true,
  run,
}

interface Log {
  readonly rows: number
  readonly orm: Orm
  readonly events: EventReader
  readonly trace: (id: string) => Promise<unknown>
  readonly hand: pg.Client
  close(): Promise<void>
}

interface Question {
  readonly ask: (log: Log, n: number) => Promise<unknown>
  /** Its SQL is also asked by hand. */
  readonly isPage?: true
  readonly times?: number
}

const toPage = (log: Log, filters: EventSelection['filters']): Promise<unknown> =>
  log.events.find(ADMIN, { ...within(DAYS), filters, limit: LIMIT })

const within = (days: number, offMs = 0) => ({
  start_time: new Date(END_MS - days * DAY_MS + offMs).toISOString(),
  end_time: new Date(END_MS).toISOString(),
})

const stats = (log: Log, days: number, offMs?: number): Promise<unknown> =>
  log.events.stats(ADMIN, { ...within(days, offMs), filters: {} })

const QUESTIONS = {
  'page by user': { isPage: true, ask: (log, n) => toPage(log, { user_id: [`user-${n % usersOf(log.rows)}`] }) },
  'page by session': {
    isPage: true,
    ask: (log, n) => toPage(log, { session_id: [`session-${n % sessionsOf(log.rows)}`] }),
  },
  'page by project': { isPage: true, ask: (log, n) => toPage(log, { project_id: [toProject(n)] }) },
  'page by type': { isPage: true, ask: (log) => toPage(log, { event_type: ['TOOL_COMPLETED'] }) },
  'page by trace': { isPage: true, ask: (log, n) => toPage(log, { trace_id: [toTrace(n % tracesOf(log.rows))] }) },
  'story of a trace': { ask: (log, n) => log.trace(toTrace(n % tracesOf(log.rows))) },
  search: {
    times: 2,
    ask: (log, n) => log.events.find(ADMIN, { ...within(DAYS), filters: {}, q: `"SKU ${n % 5_000}"`, limit: LIMIT }),
  },
  'statistics, 1 day': { ask: (log) => stats(log, 1) },
  'statistics, 30 days': { ask: (log) => stats(log, DAYS) },
  types: { ask: (log) => log.events.types(ADMIN) },
  'statistics of a user': {
    ask: (log, n) =>
      log.events.stats({ role: 'user', tenant_id: 'default', user_id: `user-${n}` }, { ...within(DAYS), filters: {} }),
  },
  'timeline, 30 days': { ask: (log) => log.events.timeline(ADMIN, { ...within(DAYS), filters: {} }, { by: 'status' }) },
} satisfies Record<string, Question>
type Name = keyof typeof QUESTIONS
const NAMES = Object.keys(QUESTIONS) as Name[]

async function run({ rounds = DEFAULT_ROUNDS, database, rows = ROWS, progress }: BenchOptions): Promise<BenchResult> {
  const server = await openBenchDatabase(database)
  const logs = new Map<string, Log>()
  try {
    const serverUrl = Object.assign(new URL(server.url), { pathname: '/postgres' }).href
    for (const size of rows) logs.set(String(size), await openLog(database ?? serverUrl, size, progress))
    const measure = (size: string): Promise<Figures> => measureLog(logs.get(size) as Log)
    for (const size of logs.keys()) await measure(size)
    const measured = await takeTurns({ rounds, variants: [...logs.keys()], measure, progress })
    return toResult(measured, `Postgres ${server.version}`)
  } finally {
    for (const log of logs.values()) await log.close()
    await server.close()
  }
}

async function openLog(serverUrl: string, rows: number, progress: BenchOptions['progress']): Promise<Log> {
  const database = await openBenchDatabase(serverUrl)
  const orm = createOrm({ kind: 'server', url: database.url, ...DATABASE, statementTimeoutMs: 0, connections: 1 })
  await migrate(orm, async () => undefined)
  const start = performance.now()
  const toSeconds = (): string => `${Math.round((performance.now() - start) / 1000)} s`
  await fill(orm, database.url, rows)
  progress(`${rows} rows are stored: ${toSeconds()}`)
  await rebuildRollups(orm)
  progress(`their hours are counted: ${toSeconds()}`)
  const hand = new pg.Client({ connectionString: database.url })
  await hand.connect()
  const stories = createStoryRepository(orm)
  return {
    ...{ rows, orm, hand, events: createEventRepository(orm, DAYS + 1) },
    trace: (id) => stories.trace(ADMIN, id),
    async close() {
      await hand.end()
      await orm.close(true)
      await database.close()
    },
  }
}

/** The middle of some askings, each question about something else each time. */
async function measureLog(log: Log): Promise<Figures> {
  const figures: Record<string, number> = {}
  for (const name of NAMES) {
    const { ask, isPage, times = TIMES }: Question = QUESTIONS[name]
    const [ours, again, byHand]: [number[], number[], number[]] = [[], [], []]
    for (let n = 0; n < times; n++) {
      const asked: CompiledQuery[] = []
      ours.push(await take(() => recording(log.orm, asked, () => ask(log, n * 7))))
      if (!isPage) continue
      // Whoever asks first reads from the disk: both ask for what was read just now, each first as often as the other.
      const turns = [
        async () => again.push(await take(() => ask(log, n * 7))),
        async () => byHand.push(await take(() => replay(log.hand, asked))),
      ]
      for (const turn of n % 2 === 0 ? turns : turns.toReversed()) await turn()
    }
    figures[name] = midmean(ours)
    if (isPage) figures[toHand(name)] = midmean(again) / midmean(byHand)
  }
  return figures
}

const toHand = (name: string): string => `${name}, of the same by hand`

async function take(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

async function recording(orm: Orm, asked: CompiledQuery[], work: () => Promise<unknown>): Promise<void> {
  await orm.em.getConnection().ensureConnection()
  const client = orm.em.getConnection().getClient()
  const original = client.executeQuery
  client.executeQuery = ((sql: CompiledQuery) => {
    asked.push(sql)
    return original.call(client, sql)
  }) as typeof original
  await work().finally(() => {
    client.executeQuery = original
  })
}

async function replay(client: pg.Client, asked: readonly CompiledQuery[]): Promise<void> {
  for (const { sql, parameters } of asked) await client.query(sql, [...parameters])
}

function toResult(measured: Measured, label: string): BenchResult {
  const [small = '', large = ''] = measured.keys()
  const growthOf = (name: string): number =>
    middleOfRounds(measured, (of) => (of(large)[name] ?? Number.NaN) / (of(small)[name] ?? Number.NaN))
  const handOf = (name: string): number | undefined =>
    (QUESTIONS[name as Name] as Question).isPage && middleOf(measured, large, toHand(name))
  const rows = NAMES.map((name) => ({
    name,
    small: toRounded(middleOf(measured, small, name)),
    large: toRounded(middleOf(measured, large, name)),
    growth: toRounded(growthOf(name)),
    hand: toRounded(handOf(name) ?? Number.NaN),
  }))
  const toCount = (size: string): string => `${Number(size).toLocaleString('en')} rows, ms`
  return {
    bench: 'query',
    ratio: Math.max(...rows.map(({ growth }) => growth)),
    rounds: roundsOf(measured),
    raw: Object.fromEntries(
      rows.map(({ name, small: small_ms, large: large_ms, growth, hand }) => [
        name,
        { small_ms, large_ms, growth, ...(Number.isNaN(hand) ? {} : { of_sql_by_hand: hand }) },
      ]),
    ),
    table: [
      ['question', toCount(small), toCount(large), 'growth', 'of the same SQL by hand'],
      ...rows.map(({ name, hand, ...of }) => [
        name,
        ...[of.small, of.large, of.growth].map((figure) => figure.toFixed(2)),
        Number.isNaN(hand) ? '' : hand.toFixed(2),
      ]),
    ],
    peers: ['pg'],
    notes: [
      `${label}: 30 whole days, stored by COPY; the larger log has more people, sessions and traces, and as many projects, types and agents. Mean of the middle half, both sizes in turns. The ratio is the worst growth.`,
      'Statistics are those of whole hours, which were counted before; an hour that is asked for in part is read from its rows, and grows with the log.',
      'By hand: the same statements over a plain connection of `pg`, in the larger log; both ask for what was read just before.',
    ],
  }
}
