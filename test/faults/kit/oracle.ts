/** What is really there, found without Daybook: rows of the database, lines in quarantine, bytes on disk. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { Health } from '../../../src/event/ports/health.ts'
import { eventLogging } from '../../../src/logging.ts'
import { waitUntil } from '../../kit/wait-until.ts'

/** Tags of all stored events, with repeats if there were any. */
export async function storedTags(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    // Daybook's own events, as of what retention removed, have none.
    const { rows } = await client.query<{ comments: string }>(
      'select comments from event_logs where comments is not null order by created_at, id',
    )
    return rows.map(({ comments }) => comments)
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '42P01') return []
    throw error
  } finally {
    await client.end()
  }
}

/** Waits until as many are stored as there are tags; whether they are the same is for the test to say. */
export const untilStored = (url: string, tags: readonly string[], timeoutMs = 120_000): Promise<string[]> =>
  waitUntil(
    async () => {
      const stored = await storedTags(url)
      return stored.length >= tags.length ? stored : undefined
    },
    { what: `${tags.length} events to be stored`, timeoutMs, intervalMs: 100 },
  )

/** A clean start on the folder: stores everything that waits there, and closes. */
export async function storeRest(dir: string, database: string, timeoutMs = 120_000): Promise<Health> {
  const notices: string[] = []
  const logging = eventLogging({ dir, database, onNotice: (line) => notices.push(line) })
  try {
    const isDone = await logging.flush(timeoutMs)
    const stats = logging.stats()
    if (!isDone) throw new Error(`The rest was not stored in time: ${JSON.stringify({ stats, notices })}`)
    return stats
  } finally {
    await logging.close()
  }
}

/**
 * Events that nobody accounts for: offered = stored + quarantined + shed + waiting, over the lives of all processes on a
 * folder. The last of them drains it, so that what waits is what it says.
 */
export function unaccounted(...lives: readonly Pick<Health, 'spool' | 'drain' | 'waiting'>[]): number {
  const sum = (of: (life: (typeof lives)[number]) => number): number => lives.reduce((all, life) => all + of(life), 0)
  const accounted = sum(({ spool, drain }) => drain.stored + drain.quarantined + spool.shed)
  return sum(({ spool }) => spool.offered) - accounted - Number(lives.at(-1)?.waiting ?? Number.NaN)
}

export interface Refused {
  readonly segment: string
  readonly at: number
  readonly reason: string
  readonly line?: string
  readonly line_base64?: string
}

export const quarantinedLines = (dir: string): Refused[] =>
  linesIn(join(dir, 'quarantine')).map((line) => JSON.parse(line))

/** Whole lines of one segment, or of all, oldest first. */
export const spooledLines = (dir: string, segment?: string): string[] => linesIn(join(dir, 'events'), segment)

export const segmentsIn = (dir: string): string[] => {
  const folder = join(dir, 'events')
  return existsSync(folder) ? readdirSync(folder).sort() : []
}

function linesIn(folder: string, only?: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => only === undefined || name === only)
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
}
