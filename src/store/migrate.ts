/** Brings the schema up to this release. Several processes may start at once: one migrates, the others wait for it. */
import type { Em, Orm } from './orm.ts'
import { runSql } from './sql.ts'

/** Any number that others don't use for their advisory locks: the letters of "daybook". */
const LOCK = 0x646179626f6f
const LOCK_SQL = `select pg_advisory_lock(${LOCK})`
const UNLOCK_SQL = `select pg_advisory_unlock(${LOCK})`

export async function migrate(orm: Orm): Promise<void> {
  const em: Em = orm.em.fork()
  // The lock belongs to the connection, and the writer has just one.
  await runSql(em, LOCK_SQL)
  try {
    await orm.migrator.up()
  } finally {
    await runSql(em, UNLOCK_SQL)
  }
}
