/** A day out of the table: by dropping its partition, against deleting its rows; and how long a writer waits meanwhile. */
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { DATABASE } from '../src/config/defaults.ts'
import type { Orm } from '../src/store/orm.ts'
import { openRun } from '../src/store/retention/run.ts'
import { toRowShape } from '../src/store/rows.ts'
import { openWriter } from '../src/store/writer.ts'
import type { Bench, BenchOptions, BenchResult } from './bench.ts'
import { openBenchDatabase } from './postgres.ts'
import { type Figures, type Measured, middleOf, middleOfRounds, roundsOf, takeTurns, toRounded } from './rounds.ts'
import { toSampleEvents } from './sample-events.ts'

const ROWS = 50_000
const FEW_ROWS = 5_000
const DEFAULT_ROUNDS = 5
const DAY = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10)
const WRITER = { retention: { eventsDays: 30, errorsDays: 90 }, timeoutMs: DATABASE.writeTimeoutMs }
const FIGURES = ['ms', 'wal_mb', 'longest_wait_ms'] as const

export const retention: Bench = {
  name: 'retention',
  about: 'dropping a day against deleting it, and the longest wait of a writer meanwhile',
  run,
}

async function run({ rounds = DEFAULT_ROUNDS, database, progress }: BenchOptions): Promise<BenchResult> {
  const table = await openTable(database)
  const variants = {
    drop: { rows: ROWS, begin: table.prune },
    'drop, few rows': { rows: FEW_ROWS, begin: table.prune },
    delete: { rows: ROWS, begin: async () => table.deleteDay },
    'delete around a hold': { rows: ROWS, begin: table.pruneAroundHold },
  } satisfies Record<string, Variant>
  try {
    const measured = await takeTurns({
      rounds,
      variants: Object.keys(variants),
      measure: (name) => table.measure(variants[name as keyof typeof variants]),
      progress,
    })
    return toResult(measured, table.label)
  } finally {
    await table.close()
  }
}

type Remove = () => Promise<void>

interface Variant {
  readonly rows: number
  /** Gives what is to be timed. */
  readonly begin: () => Promise<Remove>
}

interface Table {
  readonly label: string
  /** Fills the day, and takes the time of its removal. */
  measure(variant: Variant): Promise<Figures>
  /** The steps of a run that was begun, as the drain takes them. */
  prune(): Promise<Remove>
  /** With a hold on some rows of the day. */
  pruneAroundHold(): Promise<Remove>
  deleteDay: Remove
  close(): Promise<void>
}

async function openTable(serverUrl: string | undefined): Promise<Table> {
  const database = await openBenchDatabase(serverUrl)
  const writer = await openWriter({ kind: 'server', url: database.url, ...DATABASE }, WRITER)
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    return client
  }
  const [owner, host] = await Promise.all([connect(), connect()])
  const toInsert = await fillSample(owner, writer.orm)
  // Retention goes by the newest row when it looks for the first time.
  await owner.query(toInsert('now()', 1))
  const walBytes = async (): Promise<number> => {
    const { rows } = await owner.query<{ bytes: string }>(`select pg_current_wal_lsn() - '0/0'::pg_lsn as bytes`)
    return Number(rows[0]?.bytes)
  }

  const beginRun = async (): Promise<Remove> => {
    const run = await openRun(writer.orm, { periods: WRITER.retention, by: 'bench' })
    return async () => {
      // It rests when it met a lock.
      for (let state = await run.next(); state !== 'over'; state = await run.next())
        if (state === 'wait') await pause(10)
      if (run.report().removed.length !== 1) throw new Error(JSON.stringify(run.report()))
    }
  }

  return {
    label: `Postgres ${database.version}`,
    async measure({ rows, begin }) {
      // What a hold has kept, or another variant has only emptied.
      await owner.query('delete from legal_holds')
      await owner.query(`drop table if exists event_logs_p${DAY.replaceAll('-', '')}`)
      await owner.query('select daybook_make_partition($1, $2::date)', ['event_logs', DAY])
      await owner.query(toInsert(`'${DAY}'::date::timestamp at time zone 'UTC'`, rows))
      await owner.query('analyze event_logs')
      await owner.query('checkpoint')
      const remove = await begin()
      const writing = keepWriting(host, toInsert('now()', 1))
      const wal = await walBytes()
      const start = performance.now()
      await remove().catch(async (error: unknown) => {
        await writing.stop()
        throw error
      })
      const ms = performance.now() - start
      const wal_mb = ((await walBytes()) - wal) / 1_048_576
      return { ms, wal_mb, longest_wait_ms: await writing.stop() }
    },
    prune: beginRun,
    async pruneAroundHold() {
      await owner.query(`insert into legal_holds (id, tenant_id, user_id, reason, made_by)
        values (gen_random_uuid(), 'default', 'user-1', 'bench', 'bench')`)
      return beginRun()
    },
    async deleteDay() {
      await owner.query('begin')
      await owner.query(`select set_config('daybook.removing', 'retention', true)`)
      await owner.query(`delete from event_logs where created_at < ('${DAY}'::date + 1)::timestamp at time zone 'UTC'`)
      await owner.query('commit')
    },
    async close() {
      await Promise.all([owner.end(), host.end()])
      await writer.close()
      await database.close()
    },
  }
}

/** Puts some events into a table of their own; gives the statement that copies so many of them to a time. */
async function fillSample(client: pg.Client, orm: Orm): Promise<(time: string, rows: number) => string> {
  const { columns, toCopyLine } = toRowShape(orm, 'EventLog')
  const toNames = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')
  await client.query('create table sample (like event_logs)')
  await client.query('alter table sample alter tx_id drop not null')
  const lines = toSampleEvents(FEW_ROWS).map((event) => toCopyLine(event))
  await pipeline(lines, client.query(copyFrom(`copy sample (${toNames(columns)}) from stdin`)))
  const others = toNames(columns.filter((name) => name !== 'id' && name !== 'created_at'))
  return (time, rows) =>
    `insert into event_logs (id, created_at, ${others})
       select gen_random_uuid(), ${time}, ${others} from sample, generate_series(1, ${Math.ceil(rows / FEW_ROWS)}) limit ${rows}`
}

/** A row after the other, each in a transaction of its own, until it is told to stop: then it tells its longest. */
function keepWriting(client: pg.Client, statement: string): { stop(): Promise<number> } {
  let longestMs = 0
  let isOver = false
  const write = async (): Promise<void> => {
    while (!isOver) {
      const start = performance.now()
      await client.query(statement)
      longestMs = Math.max(longestMs, performance.now() - start)
    }
  }
  const written = write()
  return {
    async stop() {
      isOver = true
      await written
      return longestMs
    },
  }
}

function toResult(measured: Measured, label: string): BenchResult {
  const names = [...measured.keys()]
  const toMs = ({ ms = Number.NaN }: Figures): number => ms
  const ratio = toRounded(middleOfRounds(measured, (of) => toMs(of('delete')) / toMs(of('drop'))))
  const raw = names.map((name) => [
    name,
    Object.fromEntries(FIGURES.map((figure) => [figure, toRounded(middleOf(measured, name, figure), 1)])),
  ])
  return {
    bench: 'retention',
    ratio,
    rounds: roundsOf(measured),
    raw: Object.fromEntries(raw),
    table: [
      ['a day out of the table', 'ms', 'WAL, MB', 'longest wait of a writer, ms'],
      ...names.map((name) => [name, ...FIGURES.map((figure) => middleOf(measured, name, figure).toFixed(1))]),
    ],
    notes: [
      `${label}: a day of ${ROWS} rows (few: ${FEW_ROWS}) of 1.1 KB with all indexes, the ways in turns; fsync on. The ratio is the time of deleting over that of dropping. A drop has its report in it.`,
      'A deleted day still has its pages, which VACUUM then cleans for later rows of that day alone; a dropped one is given back to the disk.',
      'The writer stores one row after the other, each in a transaction of its own. A drop that meets a lock gives up after 200 ms and comes back; here it meets that writer only.',
    ],
  }
}
