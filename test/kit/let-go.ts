import type { Em } from '../../src/store/orm.ts'
import { runSql } from '../../src/store/sql.ts'
import { waitUntil } from './wait-until.ts'

/** Waits until no transaction that another test has open on the same server holds back what is committed by now. */
export async function untilLetGo(em: Em): Promise<void> {
  const { rows } = await runSql<{ end: string }>(em, 'select pg_snapshot_xmax(pg_current_snapshot())::text as end')
  const sql = 'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as is_let_go'
  await waitUntil(async () => (await runSql<{ is_let_go: boolean }>(em, sql, [rows[0]?.end])).rows[0]?.is_let_go, {
    what: 'transactions of other tests to end',
  })
}
