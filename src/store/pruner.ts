/** Retention: once an hour the partitions whose time is over are dropped, and those of the coming days are made. */
import { orFault } from './faults.ts'
import type { Orm } from './orm.ts'
import { createPartitions, dropOldPartitions } from './partitions.ts'

const HOUR_MS = 3_600_000

export interface Retention {
  readonly eventsDays: number
  readonly errorsDays: number
}

/** Call it as often as you like; it works once an hour. */
export function createPruner(orm: Orm, retention: Retention, nowMs: () => number = Date.now): () => Promise<void> {
  const partitions = createPartitions(nowMs)
  let nextMs = 0
  return async () => {
    if (nowMs() < nextMs) return
    nextMs = nowMs() + HOUR_MS
    await orFault(async () => {
      const em = orm.em.fork()
      await partitions.ensureAhead(em)
      await dropOldPartitions(em, 'event_logs', retention.eventsDays)
      await dropOldPartitions(em, 'error_logs', retention.errorsDays)
    })
  }
}
