/** Hallway of the reading side, store → API → page: what `logging.router()` loads when the first request asks for it. */
import { fileURLToPath } from 'node:url'
import type { RequestHandler } from 'express'
import { resolveAdminKey } from './admin-key.ts'
import { toEventQuery } from './api/query.ts'
import { createRouter } from './api/router.ts'
import { createOtlpIntake } from './capture/otlp/intake.ts'
import { DATABASE, REPORTS } from './config/defaults.ts'
import { readVersion, toPackageUrl } from './config/package.ts'
import type { Config } from './config/resolve.ts'
import type { EventReader, FindEvents } from './event/ports.ts'
import type { Internals } from './internals.ts'
import { createEmbeddedClient } from './store/embedded-port.ts'
import { createErrorRepository } from './store/error-repository.ts'
import { createEventRepository } from './store/event-repository.ts'
import { createKeyStore } from './store/keys.ts'
import { createOrm, type Orm } from './store/orm.ts'
import { ping } from './store/ping.ts'

export interface Api {
  readonly handler: RequestHandler
  readonly find: FindEvents
  /** Ends its connections to the database. */
  close(): Promise<void>
}

/** Builds the API over the database that the event log stores to. Connects when the first question comes. */
export function createApi(parts: Internals): Api {
  const orm = openReader(parts.config, () => parts.supervisor.connect())
  const events = createEventRepository(orm)
  let handler: RequestHandler | undefined
  return {
    // Made when it is asked for: who reads by `getEvents` alone needs no admin key.
    get handler() {
      handler ??= createHandler(parts, orm, events)
      return handler
    },
    find: async (viewer, asked) => (await events.find(viewer, toEventQuery(asked).query)).rows,
    close: () => orm.close(true),
  }
}

function createHandler({ config, sink, telemetry, health }: Internals, orm: Orm, events: EventReader): RequestHandler {
  const { text: adminKey, file, isNew } = resolveAdminKey(config)
  if (isNew) config.onNotice(`Daybook: made an admin key and kept it in ${file}: ${adminKey}`)
  return createRouter(
    {
      events,
      errors: createErrorRepository(orm),
      keys: createKeyStore(orm),
      sink,
      otlp: createOtlpIntake(telemetry),
      eventTypes: config.eventTypes,
      health,
      ping: () => ping(orm),
    },
    {
      adminKey,
      systemEvents: config.systemEvents,
      ...(config.authenticate ? { authenticate: config.authenticate } : {}),
      reports: { ...config.reports, ...REPORTS },
      otlp: config.otlp,
      dashboardDir: fileURLToPath(toPackageUrl('dist/dashboard')),
      version: readVersion(),
    },
  )
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
