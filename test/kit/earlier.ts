/** A database at an earlier migration, as a release of that time left it. */
import { Migrator } from '@mikro-orm/migrations'
import { DATABASE } from '../../src/config/defaults.ts'
import { openEmbedded } from '../../src/store/embedded.ts'
import { createOrm, type Orm } from '../../src/store/orm.ts'
import { arrangeReferences } from '../../src/store/references.ts'
import { runSql } from '../../src/store/sql.ts'
import { onTestEnd } from './clean-up.ts'
import type { DatabaseTarget } from './database.ts'
import { askerOf, type Row } from './rows.ts'

export interface EarlierDatabase {
  readonly orm: Orm
  readonly ask: (sql: string, parameters?: readonly unknown[]) => Promise<readonly Row[]>
  /** Puts in a row of the schema that is there. */
  readonly put: (table: string, row: Row) => Promise<void>
  /** Before the next one opens it; otherwise that happens by itself. */
  readonly close: () => Promise<void>
}

/** `upTo`: the last migration that it has. Without it the database is opened as it is. */
export async function openEarlier(target: DatabaseTarget, upTo?: string): Promise<EarlierDatabase> {
  const pglite = target.kind === 'embedded' ? await openEmbedded(target.dir) : undefined
  const orm = createOrm(
    pglite
      ? { kind: 'embedded', pglite }
      : { kind: 'server', url: target.kind === 'postgres' ? target.url : '', ...DATABASE, connections: 1 },
  )
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= orm.close(true).then(() => pglite?.close()))
  onTestEnd(close)
  if (upTo !== undefined) {
    await new Migrator(orm.em).up({ to: upTo })
    await arrangeReferences(orm.em.fork(), 'own')
  }
  return {
    orm,
    ask: askerOf({ orm }),
    async put(table, row) {
      const columns = Object.keys(row).map((name) => `"${name}"`)
      await runSql(
        orm.em.fork(),
        `insert into ${table} (${columns}) select ${columns} from json_populate_record(null::${table}, $1::text::json)`,
        [JSON.stringify(row)],
      )
    },
    close,
  }
}
