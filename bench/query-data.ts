/** A log of thirty whole days, as a log grows: more people and sessions, and no more projects, types and agents. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { toEventId } from '../src/event/id.ts'
import type { Orm } from '../src/store/orm.ts'
import { createPartitions } from '../src/store/partitions.ts'
import { toRowShape } from '../src/store/rows.ts'
import { toSampleEvents } from './sample-events.ts'

const DAY_MS = 86_400_000
export const DAYS = 30
/** Midnight at which the log ends. */
export const END_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS
const SAMPLES = 1_000
const ROWS_A_USER = 1_000
const ROWS_A_SESSION = 100
const ROWS_A_TRACE = 10
const PROJECTS = 8

export const usersOf = (rows: number): number => Math.ceil(rows / ROWS_A_USER)
export const sessionsOf = (rows: number): number => Math.ceil(rows / ROWS_A_SESSION)
export const tracesOf = (rows: number): number => Math.ceil(rows / ROWS_A_TRACE)
export const toTrace = (n: number): string => (n + 1).toString(16).padStart(32, '0')
export const toProject = (n: number): string => `project-${n % PROJECTS}`

/** Puts the rows in by COPY, and brings what the planner knows up to date. */
export async function fill(orm: Orm, url: string, rows: number): Promise<void> {
  const days = Array.from({ length: DAYS }, (_, day) =>
    new Date(END_MS - (day + 1) * DAY_MS).toISOString().slice(0, 10),
  )
  await createPartitions().ensure(orm.em.fork(), 'event_logs', days)
  const { copySql, toCopyLine } = toRowShape(orm, 'EventLog')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await pipeline(Readable.from(toSlices(rows, toCopyLine)), client.query(copyFrom(copySql)))
    await client.query('vacuum analyze event_logs')
  } finally {
    await client.end()
  }
}

const SLICE_ROWS = 500

function* toSlices(rows: number, toCopyLine: (row: object) => string): Generator<string> {
  const samples = toSampleEvents(SAMPLES)
  const stepMicros = (DAYS * DAY_MS * 1_000) / rows
  const toLine = (n: number): string => {
    const micros = Math.floor((END_MS - DAYS * DAY_MS) * 1_000 + n * stepMicros)
    const created_at = new Date(Math.floor(micros / 1_000)).toISOString()
    return toCopyLine({
      ...samples[n % SAMPLES],
      ...{ id: toEventId(micros), created_at, payload: { query: { page: n % 10 }, item: `SKU-${n % 5_000}` } },
      ...{ user_id: `user-${n % usersOf(rows)}`, session_id: `session-${n % sessionsOf(rows)}` },
      ...{ project_id: toProject(n), trace_id: toTrace(n % tracesOf(rows)) },
    })
  }
  for (let n = 0; n < rows; n += SLICE_ROWS)
    yield Array.from({ length: Math.min(SLICE_ROWS, rows - n) }, (_, at) => toLine(n + at)).join('')
}
