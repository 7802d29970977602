/** A backlog of many lines that an app finds when it starts, and what of it is stored so far. */
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { onTestEnd } from '../../kit/clean-up.ts'
import { daysAgo, toLine, writeSegment } from './lines.ts'

const DAYS = 4

/** Lines `b-0` … of so many days, a millisecond apart. */
export function writeBacklog(dir: string, lines: number): void {
  const each = lines / DAYS
  for (let day = 0; day < DAYS; day++) {
    const began = Date.parse(`${daysAgo(DAYS - day)}T00:00:00Z`)
    const linesOfDay = function* () {
      for (let i = 0; i < each; i++)
        yield toLine({ comments: `b-${day * each + i}`, created_at: new Date(began + i).toISOString() })
    }
    writeSegment(dir, linesOfDay(), daysAgo(DAYS - day))
  }
}

/** Of a whole process, Node itself included. */
export const residentBytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024

export interface Look {
  readonly count: number
  /** The highest number of a line. */
  readonly highest: number
}

export async function createLook(url: string): Promise<() => Promise<Look>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  onTestEnd(() => client.end())
  return async () => {
    const { rows } = await client
      .query(`select count(*)::int as count, max(split_part(comments, '-', 2)::int) as highest from event_logs`)
      // Before the migration there is no such table.
      .catch(() => ({ rows: [] }))
    return rows[0] ?? { count: 0, highest: 0 }
  }
}
