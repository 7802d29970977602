/** Brings the schema up to this release. Several processes may start at once: one migrates, the others wait for it. */
import { Migrator } from '@mikro-orm/migrations'
import { Fault } from '../event/fault.ts'
import { LOCKS } from './locks.ts'
import { type Em, MIGRATIONS, MIGRATIONS_TABLE, type Orm } from './orm.ts'
import { runSql } from './sql.ts'

const LOCK_SQL = `select pg_advisory_lock(${LOCKS.migrating})`
const UNLOCK_SQL = `select pg_advisory_unlock(${LOCKS.migrating})`

/**
 * `arrange` is what comes after the migrations, by settings, under the same lock.
 * Throws Fault `schema_too_new` for a database that a later release has migrated: its rows may mean something else.
 */
export async function migrate(orm: Orm, arrange: (em: Em) => Promise<void>): Promise<void> {
  const em: Em = orm.em.fork()
  // The lock belongs to the connection, and the writer has just one.
  await runSql(em, LOCK_SQL)
  try {
    await refuseNewer(em)
    await migrateUp(orm, em)
    await arrange(orm.em.fork())
  } finally {
    await runSql(em, UNLOCK_SQL).catch(() => undefined)
  }
}

/** An index of a large log takes longer than a question may. */
async function migrateUp(orm: Orm, em: Em): Promise<void> {
  await runSql(em, 'set statement_timeout = 0')
  try {
    // A new one each time: it remembers that its table is there, and the database may be another by now.
    await new Migrator(orm.em).up()
  } finally {
    await runSql(em, 'reset statement_timeout').catch(() => undefined)
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
