/** What people write. Each option has an environment variable beside it in `defaults.ts`, where it can have one. */
import type { Request } from 'express'
import type { Role } from '../event/viewer.ts'

/** What the host's own authentication says of a request. */
export interface Identified {
  readonly role: Exclude<Role, 'anonymous'>
  /** Required for role user: whose events they may see. */
  readonly user_id?: string
  /** Default `default`. */
  readonly tenant_id?: string
}

/** Who made a request, for its event. */
export interface ActorFields {
  readonly user_id?: string
  readonly actor_id?: string
  readonly actor_type?: 'user' | 'agent' | 'service' | 'system' | 'anonymous'
  readonly session_id?: string
  readonly project_id?: string
  readonly run_id?: string
  readonly agent_id?: string
  readonly on_behalf_of?: string
}

export interface Options {
  /** URL of a Postgres server, `postgres://user:password@host:5432/name`. Without it the embedded database is used. */
  readonly database?: string
  /** Folder of the daily files and the embedded database. Default `.daybook`. */
  readonly dir?: string
  /** A key that is accepted as admin; at least 16 characters. Without it one is made and kept in the folder. */
  readonly adminKey?: string
  /** OpenTelemetry `service.name`. Default: the package's name under npm, else `unknown_service:node`. */
  readonly service?: string
  /** Release of the app, for the error log. */
  readonly release?: string
  /** Days for which events are kept. Default 30. */
  readonly retentionEventsDays?: number
  /** Days for which errors are kept. Default 90. */
  readonly retentionErrorsDays?: number
  /**
   * group: an event is with the kernel when it is logged, and on the disk itself within 100 ms. strict: the caller waits
   * for the disk, some 0.1 ms and now and then much more. Default group.
   */
  readonly durability?: 'group' | 'strict'
  /** Bytes that may wait on disk for the database before new events are dropped. Default 4 GiB. */
  readonly spoolMaxBytes?: number
  /** Days after which a stored daily file is compressed. Default 7. */
  readonly compressAfterDays?: number
  /** Days after which a stored daily file is deleted. Default 30. */
  readonly deleteAfterDays?: number
  /** Who made a request. Default: from `req.user`, `req.auth`, else anonymous. Read when the response ends. */
  readonly actor?: (req: Request) => ActorFields | undefined
  /** Who may read the API with the host's own log-in. Undefined or null: look for a key, else anonymous. */
  readonly authenticate?: (req: Request) => Identified | null | undefined | Promise<Identified | null | undefined>
  /** More names whose values are redacted, matched like the built-in ones: `badge` covers `staffBadgeNo`. */
  readonly redactKeys?: readonly string[]
  /** Where Daybook says what concerns its operator, a line each. Default: standard error. */
  readonly onNotice?: (line: string) => void
}
