/** One partition a day for each log: made before it is needed, dropped when its time is over. */
import type { Em } from './orm.ts'
import { runSql } from './sql.ts'

export const PARTITIONED = ['event_logs', 'error_logs'] as const
export type Partitioned = (typeof PARTITIONED)[number]

const DAY_MS = 86_400_000
const DAYS_AHEAD = 2

export interface Partitions {
  /** Makes the partitions of these UTC days; each day is asked of the database once. */
  ensure(em: Em, table: Partitioned, days: Iterable<string>): Promise<void>
  /** Makes those of today and the days ahead. */
  ensureAhead(em: Em): Promise<void>
  /** Asks the database anew: a partition may have been dropped since. */
  forget(): void
}

export function createPartitions(nowMs: () => number = Date.now): Partitions {
  const known = new Set<string>()
  const ensure: Partitions['ensure'] = async (em, table, days) => {
    for (const day of new Set(days)) {
      const name = `${table} ${day}`
      if (known.has(name)) continue
      await runSql(em, 'select daybook_make_partition($1, $2::date)', [table, day])
      known.add(name)
    }
  }
  return {
    ensure,
    async ensureAhead(em) {
      const days = Array.from({ length: DAYS_AHEAD + 1 }, (_, ahead) => toDayText(nowMs() + ahead * DAY_MS))
      for (const table of PARTITIONED) await ensure(em, table, days)
    },
    forget: () => known.clear(),
  }
}

/** Drops the partitions whose whole day is older; by the database's clock, so that a host's wrong one drops nothing. */
export async function dropOldPartitions(em: Em, table: Partitioned, keepDays: number): Promise<readonly string[]> {
  const old = await runSql<{ name: string }>(
    em,
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = $1::regclass and c.relname ~ '_p[0-9]{8}$'
       and to_date(right(c.relname, 8), 'YYYYMMDD') < (now() at time zone 'UTC')::date - $2::int
     order by 1`,
    [table, keepDays],
  )
  for (const { name } of old.rows) {
    await em.transactional(async (tx) => {
      // A writer or a reader is never made to wait for us longer than this; the next round tries again.
      await runSql(tx, `set local lock_timeout = '2s'`)
      await runSql(tx, `drop table "${name}"`)
    })
  }
  return old.rows.map(({ name }) => name)
}

const toDayText = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
