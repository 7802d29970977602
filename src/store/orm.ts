/** MikroORM over a server or over PGlite: the same entities, the same migrations. */
import type { PGlite } from '@electric-sql/pglite'
import { Migrator } from '@mikro-orm/migrations'
import { MikroORM as PgliteOrm } from '@mikro-orm/pglite'
import { MikroORM as ServerOrm, type SqlEntityManager } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import { Migration0001EventAndErrorLogs } from '../../migrations/0001-event-and-error-logs.ts'
import { ApiKey } from './entities/api-key.ts'
import { ErrorLog } from './entities/error-log.ts'
import { EventLog } from './entities/event-log.ts'
import { SpoolCursor } from './entities/spool-cursor.ts'
import { mindPool } from './pool.ts'

export interface ServerDatabase {
  readonly kind: 'server'
  readonly url: string
  readonly connections: number
  readonly connectTimeoutMs: number
  readonly statementTimeoutMs: number
  /** Longest silence while an answer is due; the server's own limit does not help when it is frozen. */
  readonly silenceMs?: number
  readonly onPool?: (pool: Pool) => void
}

export interface EmbeddedDatabase {
  readonly kind: 'embedded'
  /** PGlite itself, or the client of its thread: both have the members that the ORM uses. */
  readonly pglite: Pick<PGlite, 'query' | 'transaction' | 'close' | 'closed' | 'ready' | 'waitReady'>
}

export type Orm = ServerOrm | PgliteOrm
export type Em = SqlEntityManager

/** A list, so that source, dist and packages run the same migrations under the same names. */
export const MIGRATIONS = [{ name: '0001-event-and-error-logs', class: Migration0001EventAndErrorLogs }]

export const MIGRATIONS_TABLE = 'daybook_migrations'

export const ORM_OPTIONS = {
  entities: [EventLog, ErrorLog, SpoolCursor, ApiKey],
  extensions: [Migrator],
  migrations: { migrationsList: MIGRATIONS, tableName: MIGRATIONS_TABLE, snapshot: false, silent: true },
  forceUtcTimezone: true,
  debug: false,
}

/** Does not connect: the first question does. */
export function createOrm(database: ServerDatabase | EmbeddedDatabase): Orm {
  if (database.kind === 'embedded') {
    return new PgliteOrm({ ...ORM_OPTIONS, driverOptions: { pglite: database.pglite } })
  }
  return new ServerOrm({
    ...ORM_OPTIONS,
    // A name that was mistyped must not become a database.
    ensureDatabase: false,
    clientUrl: database.url,
    pool: { min: 0, max: database.connections },
    driverOptions: {
      application_name: 'daybook',
      connectionTimeoutMillis: database.connectTimeoutMs,
      statement_timeout: database.statementTimeoutMs,
      // Ends a transaction whose client was stopped or cut off, so that it holds no lock for ever.
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      onPoolCreated(pool: Pool) {
        mindPool(pool, database.silenceMs)
        database.onPool?.(pool)
      },
    },
  })
}
