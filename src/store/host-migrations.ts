/** Door "./migrations": Daybook's migrations for the migrator of a host, instead of by the drain when it starts. */
import { Migration } from '@mikro-orm/migrations'
import { LOCKS } from './locks.ts'
import { MIGRATIONS, MIGRATIONS_TABLE } from './orm.ts'
import { PARTITIONED } from './partitions.ts'

type Named = (typeof MIGRATIONS)[number]

/** `migrations: { migrationsList: [...DAYBOOK_MIGRATIONS, …] }` */
export const DAYBOOK_MIGRATIONS = Object.freeze(
  MIGRATIONS.map((migration) => ({ name: `daybook-${migration.name}`, class: toHostMigration(migration) })),
)

/** Noted where the drain looks, too: what either has migrated, the other passes over. */
function toHostMigration({
  name,
  class: Ours,
}: Named): new (
  ...args: ConstructorParameters<typeof Migration>
) => Migration {
  return class extends Migration {
    override async up(): Promise<void> {
      await this.execute(`select pg_advisory_xact_lock(${LOCKS.migrating})`)
      await this.execute(NOTES)
      const [noted] = await this.execute(`select 1 from ${MIGRATIONS_TABLE} where name = ?`, [name])
      if (noted) return
      await this.take(new Ours(this.driver, this.config), 'up')
      this.addSql(`insert into ${MIGRATIONS_TABLE} (name) values ('${name}')`)
      // The drain makes those of the days to come.
      for (const table of PARTITIONED)
        for (const ahead of [0, 1, 2])
          this.addSql(`select daybook_make_partition('${table}', (now() at time zone 'UTC')::date + ${ahead})`)
    }

    override async down(): Promise<void> {
      await this.take(new Ours(this.driver, this.config), 'down')
      this.addSql(`delete from ${MIGRATIONS_TABLE} where name = '${name}'`)
    }

    private async take(ours: Migration, way: 'up' | 'down'): Promise<void> {
      await ours[way]()
      for (const query of ours.getQueries()) this.addSql(query)
    }
  }
}

/** As the ORM makes it. */
const NOTES = `create table if not exists ${MIGRATIONS_TABLE} (
  id serial primary key, name varchar(255) not null, executed_at timestamptz(6) not null default current_timestamp(6)
)`
