/** MikroORM over a server or over PGlite: the same entities, the same migrations. */
import type { PGlite } from '@electric-sql/pglite'
import { Migrator } from '@mikro-orm/migrations'
import { MikroORM as PgliteOrm } from '@mikro-orm/pglite'
import { MikroORM as ServerOrm, type SqlEntityManager } from '@mikro-orm/postgresql'
import type { Pool } from 'pg'
import { Migration0001EventAndErrorLogs } from '../../migrations/0001-event-and-error-logs.ts'
import { Migration0002References } from '../../migrations/0002-references.ts'
import { Migration0003AppendOnly } from '../../migrations/0003-append-only.ts'
import { Migration0004Retention } from '../../migrations/0004-retention.ts'
import { Migration0005Access } from '../../migrations/0005-access.ts'
import { Migration0006Questions } from '../../migrations/0006-questions.ts'
import { Migration0007OrderOfCommits } from '../../migrations/0007-order-of-commits.ts'
import { Migration0008RiskProfiles } from '../../migrations/0008-risk-profiles.ts'
import { Migration0009Alerts } from '../../migrations/0009-alerts.ts'
import { Migration0010EventRollups } from '../../migrations/0010-event-rollups.ts'
import { Migration0011EventHeirs } from '../../migrations/0011-event-heirs.ts'
import { Migration0012RollupsOfDays } from '../../migrations/0012-rollups-of-days.ts'
import { Migration0013VersionsOfProfiles } from '../../migrations/0013-versions-of-profiles.ts'
import type { HostOrm } from '../config/host-options.ts'
import { AlertStateRow } from './entities/alert-state.ts'
import { ApiKey } from './entities/api-key.ts'
import { ErrorGroup } from './entities/error-group.ts'
import { ErrorLog } from './entities/error-log.ts'
import { EventLog } from './entities/event-log.ts'
import { ProjectMember } from './entities/project-member.ts'
import { ChatSession, Run, User, UserAgent, UserProject } from './entities/references.ts'
import { RiskProfile } from './entities/risk-profile.ts'
import { SpoolCursor } from './entities/spool-cursor.ts'
import { TokenSecret } from './entities/token-secret.ts'
import { mindPool, readJson } from './pool.ts'

export interface ServerDatabase {
  readonly kind: 'server'
  readonly url: string
  readonly connections: number
  readonly connectTimeoutMs: number
  readonly statementTimeoutMs: number
  /** Longest silence while an answer is due; the server's own limit does not help when it is frozen. */
  readonly silenceMs?: number
  readonly onPool?: (pool: Pool) => void
  /** Acts as this one, which whoever logs in must be a member of. */
  readonly role?: string
}

export interface EmbeddedDatabase {
  readonly kind: 'embedded'
  /** PGlite itself, or the client of its thread: both have the members that the ORM uses. */
  readonly pglite: Pick<PGlite, 'query' | 'transaction' | 'close' | 'closed' | 'ready' | 'waitReady'>
}

/** Over the connections of the host's ORM, which stay the host's: it must not be closed. */
export interface SharedDatabase {
  readonly kind: 'shared'
  readonly orm: HostOrm
}

export type Orm = ServerOrm | PgliteOrm
export type Em = SqlEntityManager

/** A list, so that source, dist and packages run the same migrations under the same names. */
export const MIGRATIONS = [
  { name: '0001-event-and-error-logs', class: Migration0001EventAndErrorLogs },
  { name: '0002-references', class: Migration0002References },
  { name: '0003-append-only', class: Migration0003AppendOnly },
  { name: '0004-retention', class: Migration0004Retention },
  { name: '0005-access', class: Migration0005Access },
  { name: '0006-questions', class: Migration0006Questions },
  { name: '0007-order-of-commits', class: Migration0007OrderOfCommits },
  { name: '0008-risk-profiles', class: Migration0008RiskProfiles },
  { name: '0009-alerts', class: Migration0009Alerts },
  { name: '0010-event-rollups', class: Migration0010EventRollups },
  { name: '0011-event-heirs', class: Migration0011EventHeirs },
  { name: '0012-rollups-of-days', class: Migration0012RollupsOfDays },
  { name: '0013-versions-of-profiles', class: Migration0013VersionsOfProfiles },
]

export const MIGRATIONS_TABLE = 'daybook_migrations'

export const ORM_OPTIONS = {
  entities: [
    EventLog,
    ErrorLog,
    SpoolCursor,
    AlertStateRow,
    ApiKey,
    ErrorGroup,
    ProjectMember,
    RiskProfile,
    TokenSecret,
    ChatSession,
    User,
    UserProject,
    UserAgent,
    Run,
  ],
  extensions: [Migrator],
  migrations: { migrationsList: MIGRATIONS, tableName: MIGRATIONS_TABLE, snapshot: false, silent: true },
  forceUtcTimezone: true,
  debug: false,
}

/** Does not connect: the first question does. */
export function createOrm(database: ServerDatabase | EmbeddedDatabase | SharedDatabase): Orm {
  if (database.kind === 'embedded') {
    return new PgliteOrm({ ...ORM_OPTIONS, driverOptions: { pglite: database.pglite } })
  }
  if (database.kind === 'shared') {
    const driverOptions = (database.orm as ServerOrm).em.getConnection().getClient()
    return new ServerOrm({ ...ORM_OPTIONS, ensureDatabase: false, dbName: 'shared', driverOptions })
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
      ...(database.role !== undefined && { options: `-c role=${database.role.replace(/[\\\s]/g, '\\$&')}` }),
      onPoolCreated(pool: Pool) {
        mindPool(pool, database.silenceMs)
        readJson(pool)
        database.onPool?.(pool)
      },
    },
  })
}
