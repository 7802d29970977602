/** Brings the schema up to this release. Several processes may start at once: one migrates, the others wait for it. */
import { Migrator } from '@mikro-orm/migrations'
import { Fault } from '../event/fault.ts'
import { type Em, MIGRATIONS, MIGRATIONS_TABLE, type Orm } from './orm.ts'
import { runSql } from './sql.ts'

/** Any number that others don't use for their advisory locks: the letters of "daybook". */
const LOCK = 0x646179626f6f
const LOCK_SQL = `select pg_advisory_lock(${LOCK})`
const UNLOCK_SQL = `select pg_advisory_unlock(${LOCK})`

/** Throws Fault `schema_too_new` for a database that a later release has migrated: its rows may mean something else. */
export async function migrate(orm: Orm): Promise<void> {
  const em: Em = orm.em.fork()
  // The lock belongs to the connection, and the writer has just one.
  await runSql(em, LOCK_SQL)
  try {
    await refuseNewer(em)
    // A new one each time: it remembers that its table is there, and the database may be another by now.
    await new Migrator(orm.em).up()
  } finally {
    await runSql(em, UNLOCK_SQL).catch(() => undefined)
  }
}

async function refuseNewer(em: Em): Promise<void> {
  const { rows: tables } = await runSql<{ name: string | null }>(em, 'select to_regclass($1)::text as name', [
    MIGRATIONS_TABLE,
  ])
  if (!tables[0]?.name) return
  const { rows } = await runSql<{ name: string }>(em, `select name from ${MIGRATIONS_TABLE} order by name`)
  const newer = rows.find(({ name }) => !MIGRATIONS.some((known) => known.name === name))
  if (!newer) return
  throw new Fault(
    'schema_too_new',
    `The database was migrated by a later release of Daybook (${newer.name}). Events wait on disk; install that release here too.`,
  )
}
