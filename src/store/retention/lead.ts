/** One process of a fleet prunes at a time: the one whose connection holds the lock, which ends with the connection. */
import { LOCKS } from '../locks.ts'
import type { Em } from '../orm.ts'
import { runSql } from '../sql.ts'

const toHeldSql = (lock: number, by = ''): string =>
  `exists (select from pg_locks where locktype = 'advisory' and granted and objsubid = 1
     and database = (select oid from pg_database where datname = current_database())
     and classid::bigint = ${Math.floor(lock / 2 ** 32)} and objid::bigint = ${lock % 2 ** 32} ${by})`

/** True while this connection leads; asking again takes nothing twice. All questions of `em` must go over one connection. */
export async function takeLead(em: Em): Promise<boolean> {
  const { rows } = await runSql<{ leads: boolean }>(
    em,
    `select case when ${toHeldSql(LOCKS.pruning, 'and pid = pg_backend_pid()')} then true
     else pg_try_advisory_lock(${LOCKS.pruning}) end as leads`,
  )
  return rows[0]?.leads ?? false
}

export async function leaveLead(em: Em): Promise<void> {
  await runSql(em, `select pg_advisory_unlock(${LOCKS.pruning})`)
}

/** Whether a day waits to be removed: who reads much, one reading after another, stands aside. */
export const IS_AWAITED = toHeldSql(LOCKS.awaiting)

export async function setAwaited(em: Em, isAwaited: boolean): Promise<void> {
  await runSql(em, `select ${isAwaited ? 'pg_try_advisory_lock' : 'pg_advisory_unlock'}(${LOCKS.awaiting})`)
}
