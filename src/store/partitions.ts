/** One partition a day for each log, made before it is needed. */
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

const toDayText = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
