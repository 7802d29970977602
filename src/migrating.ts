/** Hallway of `daybook migrate`: brings the database of a server up to this release, before the services of it start. */
import { DATABASE } from './config/defaults.ts'
import { type Env, resolveConfig } from './config/resolve.ts'
import { Fault } from './event/fault.ts'
import { migrate } from './store/migrate.ts'
import { createOrm, type Orm } from './store/orm.ts'
import { createPartitions } from './store/partitions.ts'
import { arrangeReferences } from './store/references.ts'
import { checkRoles, giveToOwner, grantToService, type Roles } from './store/roles.ts'

/** References are left as they are where no setting names them: what an app sets for itself is not ours to change. */
export async function migrateDatabase(roles?: Roles, env?: Env): Promise<void> {
  const { databaseUrl, references, areReferencesSet, onNotice } = resolveConfig({}, env)
  if (databaseUrl === undefined)
    throw new Fault('invalid_options', 'Set DATABASE_URL to a server. An embedded database migrates itself.')
  if (roles) {
    await withOrm(databaseUrl, undefined, async ({ em }) => {
      await checkRoles(em.fork(), roles)
      await giveToOwner(em.fork(), roles.owner)
    })
  }
  await withOrm(databaseUrl, roles?.owner, async (orm) => {
    await migrate(orm, async (em) => {
      if (areReferencesSet) await arrangeReferences(em, references, onNotice)
    })
    await createPartitions().ensureAhead(orm.em.fork())
    if (roles) await grantToService(orm.em.fork(), roles)
  })
}

async function withOrm(url: string, role: string | undefined, work: (orm: Orm) => Promise<void>): Promise<void> {
  const { connectTimeoutMs } = DATABASE
  const orm = createOrm({
    kind: 'server',
    url,
    connections: 1,
    connectTimeoutMs,
    statementTimeoutMs: 0,
    ...(role !== undefined && { role }),
  })
  try {
    await work(orm)
  } finally {
    await orm.close(true)
  }
}
