import { orFault } from './faults.ts'
import type { Orm } from './orm.ts'
import { runSql } from './sql.ts'

/** Resolves when the database answers and has our schema; rejects with a Fault that says why not. */
export async function ping(orm: Orm): Promise<void> {
  await orFault(() => runSql(orm.em.fork(), 'select from event_logs limit 0'))
}
