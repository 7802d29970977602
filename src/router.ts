/** Hallway of the reading side, store → API → page: what `logging.router()` loads when the first request asks for it. */
import { fileURLToPath } from 'node:url'
import type { RequestHandler } from 'express'
import { resolveAdminKey } from './admin-key.ts'
import { createRouter } from './api/router.ts'
import { DATABASE } from './config/defaults.ts'
import { readVersion, toPackageUrl } from './config/package.ts'
import type { Config } from './config/resolve.ts'
import type { Internals } from './internals.ts'
import { createEmbeddedClient } from './store/embedded-port.ts'
import { createErrorRepository } from './store/error-repository.ts'
import { createEventRepository } from './store/event-repository.ts'
import { createKeyStore } from './store/keys.ts'
import { createOrm, type Orm } from './store/orm.ts'
import { ping } from './store/ping.ts'

export interface Api {
  readonly handler: RequestHandler
  /** Ends its connections to the database. */
  close(): Promise<void>
}

/** Builds the API over the database that the event log stores to. Connects when the first question comes. */
export function createApi({ config, sink, supervisor, health }: Internals): Api {
  const { text: adminKey, file, isNew } = resolveAdminKey(config)
  if (isNew) config.onNotice(`Daybook: made an admin key and kept it in ${file}: ${adminKey}`)
  const orm = openReader(config, () => supervisor.connect())
  const handler = createRouter(
    {
      events: createEventRepository(orm),
      errors: createErrorRepository(orm),
      keys: createKeyStore(orm),
      sink,
      eventTypes: config.eventTypes,
      health,
      ping: () => ping(orm),
    },
    {
      adminKey,
      ...(config.authenticate ? { authenticate: config.authenticate } : {}),
      dashboardDir: fileURLToPath(toPackageUrl('dist/dashboard')),
      version: readVersion(),
    },
  )
  return { handler, close: () => orm.close(true) }
}

function openReader({ databaseUrl }: Config, connect: Parameters<typeof createEmbeddedClient>[0]): Orm {
  if (databaseUrl !== undefined)
    return createOrm({
      kind: 'server',
      url: databaseUrl,
      connections: DATABASE.readers,
      silenceMs: DATABASE.readTimeoutMs,
      ...DATABASE,
    })
  return createOrm({ kind: 'embedded', pglite: createEmbeddedClient(connect, DATABASE.embeddedDeadlineMs) })
}
