/** Hallway of the reading side, store → API → page: what `logging.router()` loads when the first request asks for it. */
import { fileURLToPath } from 'node:url'
import { resolveAdminKey } from './admin-key.ts'
import { toEventQuery } from './api/query.ts'
import { type ApiRouter, createRouter } from './api/router.ts'
import { createOtlpIntake } from './capture/otlp/intake.ts'
import type { Config } from './config/config.ts'
import { DATABASE, LIVE, REPORTS, TURNS } from './config/defaults.ts'
import { isOverPglite } from './config/host-orm.ts'
import { readVersion, toPackageUrl } from './config/package.ts'
import type { EventReader } from './event/ports/readers.ts'
import type { FindEvents } from './event/ports/sink.ts'
import { toHashedQuestion, withHashedMembers, withHashedRetention, withHashedUsers } from './hashed-users.ts'
import { toHostPort } from './host-database.ts'
import type { Internals } from './internals.ts'
import { toRefinery } from './refinery.ts'
import { createDailyFiles } from './spool/daily-files.ts'
import { createAlertReader } from './store/alerts.ts'
import { createEmbeddedClient } from './store/embedded-port.ts'
import { createErrorGroupStore } from './store/error-groups.ts'
import { createErrorRepository } from './store/error-repository.ts'
import { createEventPages } from './store/event-pages.ts'
import { createEventRepository } from './store/event-repository.ts'
import { createEventFeed } from './store/follow.ts'
import { createKeyStore } from './store/keys.ts'
import { whileAsked } from './store/leaving.ts'
import { createMemberStore } from './store/members.ts'
import { createOrm, type Orm } from './store/orm.ts'
import { ping } from './store/ping.ts'
import { createRetentionAdmin } from './store/retention/admin.ts'
import { createStoryRepository } from './store/story-repository.ts'
import { createTokenSecrets } from './store/token-secrets.ts'

export interface Api {
  readonly handler: ApiRouter
  readonly find: FindEvents
  /** Ends streams, exports and replays; there are no more of them after it. */
  hangUp(): void
  /** Ends its connections to the database. */
  close(): Promise<void>
}

/** Builds the API over the database that the event log stores to. Connects when the first question comes. */
export function createApi(parts: Internals): Api {
  const orm = openReader(parts.config, toHostPort(parts.config.orm) ?? (() => parts.supervisor.connect()))
  const { readDatabaseUrl } = parts.config
  const readOrm = readDatabaseUrl === undefined ? orm : openServer(readDatabaseUrl, DATABASE.readers)
  const events = withHashedUsers(
    createEventRepository(readOrm, parts.config.retention.eventsDays),
    parts.config.privacy,
  )
  let handler: ApiRouter | undefined
  return {
    // Made when it is asked for: who reads by `getEvents` alone needs no admin key.
    get handler() {
      handler ??= createHandler(parts, { orm, readOrm }, events)
      return handler
    },
    find: async (viewer, asked) => (await events.find(viewer, toEventQuery(asked).query)).rows,
    hangUp: () => handler?.hangUp(),
    async close() {
      handler?.hangUp()
      if (readOrm !== orm) await readOrm.close(true)
      // The host closes its own.
      if (!toHostServer(parts.config)) await orm.close(true)
    },
  }
}

interface Orms {
  readonly orm: Orm
  /** Over a replica, if there is one: what it gives may be a little old. */
  readonly readOrm: Orm
}

function createHandler(parts: Internals, { orm, readOrm }: Orms, events: EventReader): ApiRouter {
  const { config, sink, telemetry, health, onStored } = parts
  const { text: adminKey, file, isNew } = resolveAdminKey(config)
  if (isNew) config.onNotice(`Daybook: made an admin key and kept it in ${file}: ${adminKey}`)
  return createRouter(
    {
      events,
      errors: withHashedUsers(createErrorRepository(readOrm, config.retention.errorsDays), config.privacy),
      errorGroups: withHashedUsers(createErrorGroupStore(orm, config.retention.errorsDays), config.privacy),
      stories: withHashedUsers(createStoryRepository(readOrm), config.privacy),
      keys: createKeyStore(orm),
      retention: withHashedRetention(
        createRetentionAdmin({
          orm,
          periods: config.retention,
          seal: toRefinery(config).seal,
          withOneConnection: (work) => withOneConnection(config, orm, work),
        }),
        config.privacy,
      ),
      members: withHashedMembers(createMemberStore(orm), config.privacy),
      tokenSecrets: createTokenSecrets(orm),
      sink,
      otlp: createOtlpIntake(telemetry),
      eventTypes: config.eventTypes,
      health,
      whileAsked,
      feed: createEventFeed(orm),
      asStored: toHashedQuestion(config.privacy),
      alerts: createAlertReader(orm),
      alertRules: config.alerts?.rules ?? [],
      alertChannels: ['log', 'event', ...(config.alerts?.webhook ? ['webhook'] : [])],
      pages: withHashedUsers(createEventPages(readOrm), config.privacy),
      files: createDailyFiles(config.dir),
      onStored,
      ping: async () => void (await Promise.all([...new Set([orm, readOrm])].map(ping))),
    },
    {
      adminKey,
      ...config.access,
      systemEvents: config.systemEvents,
      ...(config.authenticate ? { authenticate: config.authenticate } : {}),
      reports: { ...config.reports, ...REPORTS },
      otlp: config.otlp,
      live: { ...LIVE, ...config.stream },
      turns: TURNS,
      dashboardDir: fileURLToPath(toPackageUrl('dist/dashboard')),
      docsDir: fileURLToPath(toPackageUrl('dist/docs')),
      version: readVersion(),
    },
  )
}

/** The host's ORM, whose connections we share; a PGlite has one, which is asked through a port. */
const toHostServer = ({ orm }: Config): Config['orm'] => (orm && !isOverPglite(orm) ? orm : undefined)

function openReader(config: Config, connect: Parameters<typeof createEmbeddedClient>[0]): Orm {
  const shared = toHostServer(config)
  if (shared) return createOrm({ kind: 'shared', orm: shared })
  if (config.databaseUrl !== undefined) return openServer(config.databaseUrl, DATABASE.readers)
  return createOrm({ kind: 'embedded', pglite: createEmbeddedClient(connect, DATABASE.embeddedDeadlineMs) })
}

const openServer = (url: string, connections: number): Orm =>
  createOrm({ kind: 'server', url, silenceMs: DATABASE.readTimeoutMs, ...DATABASE, connections })

/** The embedded database has no more than one. */
async function withOneConnection<T>({ databaseUrl }: Config, orm: Orm, work: (orm: Orm) => Promise<T>): Promise<T> {
  if (databaseUrl === undefined) return work(orm)
  const alone = openServer(databaseUrl, 1)
  try {
    return await work(alone)
  } finally {
    await alone.close(true)
  }
}
