/** Spool, drain and store as the drain's thread wires them, in this process, with short times; and lines to feed them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DATABASE, DRAIN } from '../../src/config/defaults.ts'
import { createDrain, type Drain } from '../../src/drain/drain.ts'
import type { Batch, BatchWriter, DrainStatus } from '../../src/event/ports/drain.ts'
import type { Spool } from '../../src/event/ports/spool.ts'
import { createSignals, type Signals } from '../../src/event/signals.ts'
import { createArchive } from '../../src/spool/archive.ts'
import { hasMark } from '../../src/spool/layout.ts'
import { createProgress } from '../../src/spool/progress.ts'
import { createQuarantine } from '../../src/spool/quarantine.ts'
import { createReader } from '../../src/spool/reader.ts'
import { createSpool } from '../../src/spool/spool.ts'
import { openRenewed } from '../../src/store/renewed.ts'
import { openWriter } from '../../src/store/writer.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import type { DatabaseTarget } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { createTestFolder } from '../kit/folder.ts'
import { eventToLine } from '../kit/line.ts'
import { PATIENT } from '../kit/store.ts'

export interface Log {
  readonly dir: string
  readonly signals: Signals
  readonly mark: string
  /** Logs `count` events; gives the names of those that were acknowledged. */
  write(count: number): string[]
  /** Appends a line as it is. */
  append(line: string): boolean
  readonly spool: Spool
}

export interface RunningDrain extends Drain {
  readonly seen: readonly DrainStatus[]
  last(): DrainStatus
  /** Why it waited, each reason once. */
  reasons(): string[]
  /** Lines of each batch that was tried. */
  readonly tried: readonly number[]
  readonly notices: readonly string[]
}

export interface DrainSettings {
  readonly timeoutMs?: number
  readonly statementTimeoutMs?: number
  readonly connectTimeoutMs?: number
  readonly batchLines?: number
  /** May stand between the drain and the store. */
  readonly around?: (writer: BatchWriter) => Partial<BatchWriter>
}

const refinery = createTestRefinery()
/** Of the first batch. */
const BATCH_LINES = 1_000
const TIMES = { ...DRAIN, lingerMs: 5, pollMs: 100, retryMinMs: 20, retryMaxMs: 200 }
let logs = 0
let names = 0

/** One event log of a folder; several may share it. */
export function createLog(dir = createTestFolder()): Log {
  const signals = createSignals()
  const mark = `${process.pid}-${String(++logs).padStart(8, '0')}`
  const spool = createSpool({
    dir,
    mark,
    signals,
    maxBytes: DRAIN.batchBytes * 100,
    durability: 'group',
    onNotice: () => undefined,
  })
  onTestEnd(() => spool.close())
  return {
    dir,
    signals,
    mark,
    spool,
    append: (line) => spool.append(line),
    write(count) {
      const fresh = Array.from({ length: count }, () => `n${++names}`)
      return fresh.filter((name) => spool.append(toLine(name)))
    },
  }
}

export const toLine = (comments: string, more: object = {}): string =>
  eventToLine(refinery.seal({ event_type: 'COMMIT', comments, ...more }))

/** A segment that another process has left. */
export function leaveSegment(dir: string, lines: readonly string[], name = 'events_2026-01-01_1-left-1.jsonl'): void {
  writeFileSync(join(dir, 'events', name), lines.join(''))
}

/** Batches alone: retention and statistics, which come between them, have transactions and locks of their own. */
export const BATCHES_ALONE: DrainSettings = { around: () => ({ idle: async () => undefined }) }

export function startDrain(log: Log, target: DatabaseTarget | string, settings: DrainSettings = {}): RunningDrain {
  const { dir, signals, mark } = log
  const { timeoutMs = 30_000, around = () => ({}), batchLines = BATCH_LINES, ...database } = settings
  const openDatabase = toOpener(target, database)
  const seen: DrainStatus[] = []
  const tried: number[] = []
  const notices: string[] = []
  const watch = (writer: BatchWriter): BatchWriter => {
    const outer = { ...writer, ...around(writer) }
    return {
      ...outer,
      write(batch: Batch) {
        if (batch.events.length > 0) tried.push(batch.events.length)
        return outer.write(batch)
      },
    }
  }
  const drain = createDrain(
    {
      reader: createReader({ dir, maxBytes: DRAIN.batchBytes }),
      quarantine: createQuarantine(dir),
      progress: createProgress(dir),
      archive: createArchive({ dir, compressAfterDays: 7, deleteAfterDays: 30 }),
      onAttempt: () => undefined,
      onNotice: (line) => notices.push(line),

      isOwn: (segment) => hasMark(segment, mark),
      open: async () =>
        watch(await openWriter(await openDatabase(), { retention: { eventsDays: 30, errorsDays: 90 }, timeoutMs })),
      onStatus: (status) => seen.push(status),
    },
    signals,
    { ...TIMES, batchLines },
  )
  onTestEnd(() => drain.close())
  return {
    ...drain,
    seen,
    tried,
    notices,
    last: () => {
      const status = seen.at(-1)
      if (!status) throw new Error('The drain has said nothing yet.')
      return status
    },
    reasons: () => [...new Set(seen.flatMap(({ reason }) => reason ?? []))],
  }
}

type Opener = () => Promise<Parameters<typeof openWriter>[0]>

function toOpener(target: DatabaseTarget | string, times: object): Opener {
  if (typeof target === 'string' || target.kind === 'postgres') {
    const url = typeof target === 'string' ? target : target.url
    return async () => ({ kind: 'server', url, ...DATABASE, ...PATIENT, ...times })
  }
  const opened = openRenewed(target.dir)
  onTestEnd(async () => (await opened).close())
  return async () => ({ kind: 'embedded', pglite: await opened })
}
