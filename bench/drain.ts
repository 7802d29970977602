/** Rows per second of the real path, files → drain → store, over nothing but COPY of the same rows. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSignals } from '../src/event/signals.ts'
import { toMark } from '../src/spool/layout.ts'
import { createSpool } from '../src/spool/spool.ts'
import { toRowShape } from '../src/store/rows.ts'
import { eventToLine } from '../test/kit/line.ts'
import type { Bench, BenchOptions, BenchResult } from './bench.ts'
import { openEmbeddedTarget, openServerTarget, type Stop, type Target } from './drain-targets.ts'
import { type Figures, type Measured, middleOf, middleOfRounds, roundsOf, takeTurns, toRounded } from './rounds.ts'
import { toSampleEvents } from './sample-events.ts'

const ROWS = 30_000
const EMBEDDED_ROWS = 10_000
const COPY_ROWS = [1_000, 5_000] as const
const DEFAULT_ROUNDS = 7

export const drain: Bench = {
  name: 'drain',
  about: 'rows/s from files into Postgres, over raw COPY of the same rows into the same table',
  run,
}

async function run({ rounds = DEFAULT_ROUNDS, database, progress }: BenchOptions): Promise<BenchResult> {
  const server = await measure(() => openServerTarget(database), { rounds, rows: ROWS, progress })
  const embedded = await measure(openEmbeddedTarget, { rounds: Math.min(rounds, 3), rows: EMBEDDED_ROWS, progress })
  return {
    bench: 'drain',
    ratio: server.ratio,
    rounds: server.rounds,
    raw: { postgres: server.raw, pglite: embedded.raw },
    table: [
      ['database', 'path', 'rows/s', 'of raw COPY', 'CPU of Node, µs/row'],
      ...toRows(server),
      ...toRows(embedded),
    ],
    peers: ['pg', 'pg-copy-streams', '@electric-sql/pglite'],
    notes: [
      `Mean of the middle half of ${server.rounds} rounds of ${ROWS} rows (PGlite: ${embedded.rounds} of ${EMBEDDED_ROWS}), the paths in turns, each into empty partitions with all indexes; ${server.bytesPerLine} bytes a line; fsync on.`,
      'Raw COPY sends text that was encoded before the clock starts, so it is the database alone; the drain also reads, checks, parses and encodes each line, and moves its cursor in the same transaction. Its peer is the better of both sizes of COPY.',
      'Who is known to the look back of risk stays so from one round to the next, as in an app that runs.',
      'PGlite runs in the process of Node, so its work is in that CPU too. There is nothing beside which the drain could read and encode.',
    ],
  }
}

type Path = () => Promise<Stop | undefined>

interface Job {
  readonly rounds: number
  readonly rows: number
  readonly progress: (line: string) => void
}

interface Outcome {
  readonly label: string
  readonly ratio: number
  readonly bytesPerLine: number
  readonly rounds: number
  readonly raw: Readonly<Record<string, Figures>>
}

async function measure(open: () => Promise<Target>, { rounds, rows, progress }: Job): Promise<Outcome> {
  const dir = mkdtempSync(join(tmpdir(), 'daybook-bench-spool-'))
  const target = await open()
  try {
    progress(`${target.label}: ${rows} rows`)
    const events = toSampleEvents(rows)
    const bytes = writeSegments(
      dir,
      events.map((event) => eventToLine(event)),
    )
    const { toCopyLine } = toRowShape(target.orm, 'EventLog')
    const lines = events.map((event) => toCopyLine(event))
    const paths: Record<string, Path> = {
      drain: () => target.drain(dir, rows),
      ...Object.fromEntries(COPY_ROWS.map((size) => [`COPY ${size}`, toCopy(target, lines, size)])),
    }
    await timed(target, rows, paths.drain)
    const measured = await takeTurns({
      rounds,
      variants: Object.keys(paths),
      measure: async (path) => timed(target, rows, paths[path]),
      progress,
    })
    return {
      label: target.label,
      bytesPerLine: Math.round(bytes / rows),
      rounds: roundsOf(measured),
      ...toOutcome(measured),
    }
  } finally {
    await target.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

function writeSegments(dir: string, lines: readonly string[]): number {
  const spool = createSpool({
    dir,
    mark: toMark(process.pid, 'bench'),
    signals: createSignals(),
    durability: 'group',
    maxBytes: Number.POSITIVE_INFINITY,
    onNotice: (line) => console.error(line),
  })
  for (const line of lines) spool.append(line)
  const { bytes } = spool.stats()
  spool.close()
  return bytes
}

function toCopy(target: Target, lines: readonly string[], size: number): Path {
  const batches: Buffer[] = []
  for (let at = 0; at < lines.length; at += size) batches.push(Buffer.from(lines.slice(at, at + size).join('')))
  return async () => {
    for (const batch of batches) await target.copy(batch)
    return undefined
  }
}

async function timed(target: Target, rows: number, path: Path | undefined): Promise<Figures> {
  await target.clear()
  const cpu = process.cpuUsage()
  const start = performance.now()
  const stop = await path?.()
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  await stop?.()
  const stored = await target.count()
  if (stored !== rows) throw new Error(`${stored} of ${rows} rows arrived.`)
  return { rows_per_s: rows / seconds, node_us_per_row: (user + system) / rows }
}

function toOutcome(measured: Measured): Pick<Outcome, 'ratio' | 'raw'> {
  const peers = COPY_ROWS.map((size) => `COPY ${size}`)
  const toRate = ({ rows_per_s = Number.NaN }: Figures): number => rows_per_s
  const ratioOf = (path: string): number =>
    middleOfRounds(measured, (of) => toRate(of(path)) / Math.max(...peers.map((peer) => toRate(of(peer)))))
  const raw = [...measured.keys()].map((path) => [
    path,
    {
      rows_per_s: Math.round(middleOf(measured, path, 'rows_per_s')),
      of_raw_copy: toRounded(ratioOf(path)),
      node_us_per_row: toRounded(middleOf(measured, path, 'node_us_per_row'), 1),
    },
  ])
  return { ratio: toRounded(ratioOf('drain')), raw: Object.fromEntries(raw) }
}

const toRows = ({ label, raw }: Outcome): string[][] =>
  Object.entries(raw).map(([path, { rows_per_s = 0, of_raw_copy = 0, node_us_per_row = 0 }]) => [
    label,
    path,
    rows_per_s.toLocaleString('en'),
    of_raw_copy.toFixed(2),
    node_us_per_row.toFixed(1),
  ])
