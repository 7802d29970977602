/** One process of a fleet prunes at a time: the one whose connection holds the lock, which ends with the connection. */
import type { Em } from '../orm.ts'
import { runSql } from '../sql.ts'

/** Any number that others don't use for their advisory locks: that of migrating, and one. */
const LOCK = 0x646179626f70

/** Held while the lead waits for another lock. That of rollups, and one. */
const WAITS = 0x646179626f72

const toHeldSql = (lock: number, by = ''): string =>
  `exists (select from pg_locks where locktype = 'advisory' and granted and objsubid = 1
     and database = (select oid from pg_database where datname = current_database())
     and classid::bigint = ${Math.floor(lock / 2 ** 32)} and objid::bigint = ${lock % 2 ** 32} ${by})`

/** True while this connection leads; asking again takes nothing twice. All questions of `em` must go over one connection. */
export async function takeLead(em: Em): Promise<boolean> {
  const { rows } = await runSql<{ leads: boolean }>(
    em,
    `select case when ${toHeldSql(LOCK, 'and pid = pg_backend_pid()')} then true
     else pg_try_advisory_lock(${LOCK}) end as leads`,
  )
  return rows[0]?.leads ?? false
}

export async function leaveLead(em: Em): Promise<void> {
  await runSql(em, `select pg_advisory_unlock(${LOCK})`)
}

/** Whether a day waits to be removed: who reads much, one reading after another, stands aside. */
export const IS_AWAITED = toHeldSql(WAITS)

export async function setAwaited(em: Em, isAwaited: boolean): Promise<void> {
  await runSql(em, `select ${isAwaited ? 'pg_try_advisory_lock' : 'pg_advisory_unlock'}(${WAITS})`)
}
