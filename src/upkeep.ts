/** Hallway of the command line: what is done to a folder and its database, also while no app runs. */
import { randomBytes } from 'node:crypto'
import type { Config } from './config/config.ts'
import { DATABASE } from './config/defaults.ts'
import type { Options } from './config/options.ts'
import { resolveConfig } from './config/resolve.ts'
import { Fault } from './event/fault.ts'
import { migrateDatabase } from './migrating.ts'
import { openSpoolFiles, type SpoolFiles } from './spool/files.ts'
import { toMark } from './spool/layout.ts'
import { isLease, takeLease } from './spool/lease.ts'
import { hasEmbedded } from './store/embedded.ts'
import { type Migrations, openMigrations } from './store/migrations.ts'
import { createOrm, type Orm } from './store/orm.ts'
import { openRenewed } from './store/renewed.ts'
import type { Roles } from './store/roles.ts'
import { type Rebuilt, rebuildRollups } from './store/rollups/roller.ts'

export type { RefusedLine, SegmentFile } from './spool/files.ts'
export type { Migrations } from './store/migrations.ts'

export interface Database {
  readonly orm: Orm
  close(): Promise<void>
}

/**
 * The database that an event log with these options stores to. The embedded one is taken by its lease.
 * @throws Fault `database_elsewhere` when another process has the embedded database, `folder_unusable` when there is none
 */
export async function openDatabase({ databaseUrl, dir }: Pick<Config, 'databaseUrl' | 'dir'>): Promise<Database> {
  if (databaseUrl !== undefined) {
    const orm = createOrm({ kind: 'server', url: databaseUrl, connections: 1, ...DATABASE })
    return { orm, close: () => orm.close(true) }
  }
  if (!hasEmbedded(dir))
    throw new Fault(
      'folder_unusable',
      `${dir} has no embedded database: the first start of an app makes it. Set DAYBOOK_DIR, --dir or DATABASE_URL.`,
    )
  const lease = takeLease(dir, toMark(process.pid, randomBytes(4).toString('hex')))
  if (!isLease(lease))
    throw new Fault(
      'database_elsewhere',
      `Process ${lease.pid} has the embedded database in ${dir}. End it first, or ask its API.`,
    )
  try {
    const pglite = await openRenewed(dir)
    const orm = createOrm({ kind: 'embedded', pglite })
    return {
      orm,
      async close() {
        await orm.close(true)
        await pglite.close()
        lease.release()
      },
    }
  } catch (error) {
    lease.release()
    throw error
  }
}

/** Runs `work` on the migrations of the database, and closes it. */
export async function withMigrations<T>(options: Options, work: (migrations: Migrations) => Promise<T>): Promise<T> {
  const database = await openDatabase(resolveConfig(options))
  try {
    return await work(openMigrations(database.orm))
  } finally {
    await database.close()
  }
}

/** The folder of an event log with these options. */
export const openFolder = (options: Options): SpoolFiles => openSpoolFiles(resolveConfig(options).dir)

/** Does the migrations that are left; gives their names. */
export async function bringUp(options: Options, roles?: Roles): Promise<readonly string[]> {
  const toLeft = (): Promise<readonly string[]> =>
    withMigrations(options, async (open) => (await open.list()).flatMap(({ name, done }) => (done ? [] : name)))
  const before = await toLeft()
  if (roles || resolveConfig(options).databaseUrl !== undefined) await migrateDatabase(roles)
  else await withMigrations(options, (open) => open.up())
  const after = await toLeft()
  return before.filter((name) => !after.includes(name))
}

/** Counts all hours of statistics anew, from the rows. `onProgress` is told how many are done, and of how many. */
export async function rebuildHours(options: Options, onProgress: (done: number, of: number) => void): Promise<Rebuilt> {
  const database = await openDatabase(resolveConfig(options))
  try {
    await openMigrations(database.orm).up()
    return await rebuildRollups(database.orm, onProgress)
  } finally {
    await database.close()
  }
}
