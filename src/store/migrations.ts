/** The schema as a list of steps: which are done, the next one up, the last one down. */
import { Migrator } from '@mikro-orm/migrations'
import { orFault } from './faults.ts'
import { migrate } from './migrate.ts'
import { MIGRATIONS, MIGRATIONS_TABLE, type Orm } from './orm.ts'
import { runSql } from './sql.ts'

export interface MigrationState {
  readonly name: string
  readonly done: boolean
  /** Made by a later release, and not known to this one. */
  readonly known: boolean
}

export interface Migrations {
  list(): Promise<readonly MigrationState[]>
  /** Does all that are left. */
  up(): Promise<void>
  /** Takes the last one back, with all that is stored in what it made; gives its name, or undefined when none is left. */
  down(): Promise<string | undefined>
}

export function openMigrations(orm: Orm): Migrations {
  const doneNames = async (): Promise<readonly string[]> => {
    const em = orm.em.fork()
    const { rows: tables } = await runSql<{ name: string | null }>(em, 'select to_regclass($1)::text as name', [
      MIGRATIONS_TABLE,
    ])
    if (!tables[0]?.name) return []
    const { rows } = await runSql<{ name: string }>(em, `select name from ${MIGRATIONS_TABLE} order by id`)
    return rows.map(({ name }) => name)
  }
  const list: Migrations['list'] = async () => {
    const done = await orFault(doneNames)
    const ours = MIGRATIONS.map(({ name }) => ({ name, done: done.includes(name), known: true }))
    const theirs = done.filter((name) => !MIGRATIONS.some((known) => known.name === name))
    return [...ours, ...theirs.map((name) => ({ name, done: true, known: false }))]
  }
  return {
    list,
    // What settings arrange beyond them, the next start does.
    up: () => orFault(() => migrate(orm, async () => undefined)),
    async down() {
      const last = (await orFault(doneNames)).at(-1)
      if (last === undefined) return undefined
      await orFault(() => new Migrator(orm.em).down())
      return last
    },
  }
}
