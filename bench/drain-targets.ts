/** Databases that the drain bench fills, each by both ways: through Daybook's drain, and by COPY alone. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { DATABASE, DRAIN } from '../src/config/defaults.ts'
import { createDrain } from '../src/drain/drain.ts'
import { createRiskWindows } from '../src/drain/windows.ts'
import type { BatchWriter } from '../src/event/ports/drain.ts'
import { RISK_DEFAULTS } from '../src/event/risk.ts'
import { createSignals } from '../src/event/signals.ts'
import { createArchive } from '../src/spool/archive.ts'
import { createProgress } from '../src/spool/progress.ts'
import { createQuarantine } from '../src/spool/quarantine.ts'
import { createReader } from '../src/spool/reader.ts'
import { openEmbedded } from '../src/store/embedded.ts'
import type { Orm } from '../src/store/orm.ts'
import { toRowShape } from '../src/store/rows.ts'
import { openWriter } from '../src/store/writer.ts'
import { openBenchDatabase } from './postgres.ts'

export type Stop = () => Promise<void>

export interface Target {
  readonly label: string
  readonly orm: Orm
  /** Stores all lines of a folder as the drain's thread does; the drain then waits for more until it is stopped. */
  drain(dir: string, rows: number): Promise<Stop>
  /** Rows in COPY's text format, in a transaction of their own. */
  copy(rows: Buffer): Promise<void>
  /** Empty logs. Who is known, to risk too, stays so, as in an app that runs. */
  clear(): Promise<void>
  count(): Promise<number>
  close(): Promise<void>
}

const WRITER = {
  retention: { eventsDays: 30, errorsDays: 90 },
  timeoutMs: DATABASE.writeTimeoutMs,
  references: 'own',
  risk: createRiskWindows(RISK_DEFAULTS),
} as const
const ARCHIVE = { compressAfterDays: 7, deleteAfterDays: 30 }
const CLEAR = `begin; set local daybook.removing = 'bench'; truncate event_logs, error_logs, spool_cursors; commit`
const COUNT = 'select count(*)::int as count from event_logs'

export async function openServerTarget(serverUrl: string | undefined): Promise<Target> {
  const database = await openBenchDatabase(serverUrl)
  const writer = await openWriter({ kind: 'server', url: database.url, ...DATABASE }, WRITER)
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const { copySql } = toRowShape(writer.orm, 'EventLog')
  return {
    label: `Postgres ${database.version}`,
    orm: writer.orm,
    drain: (dir, rows) => drainAll(writer, dir, rows),
    copy: (rows) =>
      new Promise((resolve, reject) => {
        const stream = client.query(copyFrom(copySql))
        stream.once('error', reject)
        stream.once('finish', () => resolve())
        stream.end(rows)
      }),
    async clear() {
      await client.query(CLEAR)
      // Or the next path would pay for the pages of the one before.
      await client.query('checkpoint')
    },
    count: async () => (await client.query<{ count: number }>(COUNT)).rows[0]?.count ?? 0,
    async close() {
      await client.end()
      await writer.close()
      await database.close()
    },
  }
}

export async function openEmbeddedTarget(): Promise<Target> {
  const dir = mkdtempSync(join(tmpdir(), 'daybook-bench-pglite-'))
  const pglite = await openEmbedded(dir)
  const writer = await openWriter({ kind: 'embedded', pglite }, WRITER)
  const { table, columns } = toRowShape(writer.orm, 'EventLog')
  const names = columns.map((name) => `"${name}"`).join(', ')
  return {
    label: 'PGlite on disk',
    orm: writer.orm,
    drain: (from, rows) => drainAll(writer, from, rows),
    async copy(rows) {
      const blob = new Blob([new Uint8Array(rows)])
      await pglite.query(`copy ${table} (${names}) from '/dev/blob'`, [], { blob })
    },
    clear: async () => void (await pglite.exec(CLEAR)),
    count: async () => (await pglite.query<{ count: number }>(COUNT)).rows[0]?.count ?? 0,
    async close() {
      await writer.close()
      await pglite.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

const TIMEOUT_MS = 60_000

async function drainAll(writer: BatchWriter, dir: string, rows: number): Promise<Stop> {
  let stored = 0
  const drain = createDrain(
    {
      reader: createReader({ dir, maxBytes: DRAIN.batchBytes }),
      quarantine: createQuarantine(dir),
      progress: createProgress(dir),
      archive: createArchive({ dir, ...ARCHIVE }),
      open: async () => ({ ...writer, close: async () => undefined }),
      onStatus: (status) => {
        stored = status.stored
      },
      onAttempt: () => undefined,
      isOwn: () => true,
    },
    createSignals(),
    DRAIN,
  )
  const isDone = await drain.flush(TIMEOUT_MS)
  if (!isDone || stored !== rows) throw new Error(`The drain stored ${stored} of ${rows} lines.`)
  return () => drain.close()
}
