/** What people write. Each option has an environment variable beside it in `defaults.ts`, where it can have one. */
import type { Request } from 'express'
import type { Category } from '../event/types.ts'
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
  /** Default `default`. */
  readonly tenant_id?: string
}

/** A type of event that the app brings. */
export interface EventTypeOption {
  /** What it means, for people: `GET /events/types` shows it. */
  readonly description: string
  readonly category: Category
  /**
   * JSON Schema of the `payload`: 2020-12, or draft-07 where its `$schema` says so. A payload that does not match is
   * logged all the same, with what is wrong in `metadata.payload_errors`.
   */
  readonly payload?: Readonly<Record<string, unknown>>
}

/** `/health`, `/static/*`, `POST /login` (path or route template), a RegExp on the path, or a function, which must be quick. */
export type RequestRule = string | RegExp | ((req: Request) => boolean)

/** What becomes of the requests that the middleware sees. */
export interface RequestOptions {
  /** Only these become events. Default: all. */
  readonly include?: readonly RequestRule[]
  /** These never do. What they throw still goes to the error log. Default: none. */
  readonly exclude?: readonly RequestRule[]
  /** Share of the requests that become events, 0 to 1. Failed, denied and slow ones always do. Default 1. */
  readonly sampleRatio?: number
  /** Milliseconds from which on a request is slow. Default 1000. */
  readonly slowMs?: number
  /**
   * Also an event when a request arrives: API_REQUEST with status in_progress, and API_RESPONSE in its place at the end,
   * so that a request that never ended can be seen. Default false.
   */
  readonly arrivals?: boolean
  /** Requests that log somebody in: AUTH_LOGIN, denied where the answer is a 4xx. Default: none. */
  readonly loginRoutes?: readonly RequestRule[]
  /** Requests that log somebody out: AUTH_LOGOUT. Default: none. */
  readonly logoutRoutes?: readonly RequestRule[]
  /** Names of request headers to keep. Those that hold secrets stay redacted. Default: none. */
  readonly requestHeaders?: readonly string[]
  /** Names of response headers to keep. Default: none. */
  readonly responseHeaders?: readonly string[]
  /** Requests whose body is kept, redacted, as a body parser left it in `req.body`. Default: none. */
  readonly requestBodies?: readonly RequestRule[]
  /** Requests whose response body is kept, redacted, when it is sent at once: JSON, forms and text. Default: none. */
  readonly responseBodies?: readonly RequestRule[]
  /** A body with more bytes is not kept. Default 16384. */
  readonly bodyMaxBytes?: number
}

/** The same with its defaults. */
export type RequestConfig = RequestOptions & Required<Pick<RequestOptions, 'bodyMaxBytes' | 'slowMs'>>

/** A LogRecordExporter of an OpenTelemetry SDK, as far as it is used. */
export interface LogExporter {
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's records differ between its versions, and none is imported here
  export(records: any[], done: (result: { code: number; error?: Error }) => void): void
}

/** A Logger of the OpenTelemetry API. */
export interface OtelLogger {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  emit(record: any): void
}

export type ForwardTo = LogExporter | OtelLogger

export interface Options extends RequestOptions {
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
  /**
   * Also log what ends the process: uncaught exceptions and unhandled rejections. It ends as it would without, with the
   * same exit code and output. A rejection that a listener of the host's handles is not logged. Default false.
   */
  readonly captureUncaught?: boolean
  /**
   * Also log Daybook's own life: SYSTEM_START and SYSTEM_CONFIG when it is made, SYSTEM_STOP when it is closed, and
   * AUTH_API_KEY for a key of its API that was accepted, once an hour. A key that was refused is logged anyway. Default
   * false; true for `daybook serve`.
   */
  readonly systemEvents?: boolean
  /**
   * Base address of an OTLP/HTTP receiver to which events go on as log records, `http://collector:4318`; `/v1/logs` is
   * added. At least once, also after a crash. Default: none.
   */
  readonly forwardUrl?: string
  /** Headers for it, such as an API key. As a variable `name=value,name=value`. */
  readonly forwardHeaders?: Readonly<Record<string, string>>
  /** Instead of an address, what you have of OpenTelemetry. A Logger tells nobody whether a record arrived. */
  readonly forwardTo?: ForwardTo
  /** Whether front ends may report their errors to `POST /errors`, also without a key. Default true. */
  readonly errorReports?: boolean
  /** Origins such as `https://shop.example` whose pages may report errors. Default: only that of the app itself. */
  readonly errorOrigins?: readonly string[]
  /** The app's own types by name, in any spelling: `{ DEPLOY_STARTED: { description, category } }`. */
  readonly eventTypes?: Readonly<Record<string, EventTypeOption>>
  /**
   * Whether OpenTelemetry exporters on this machine may send without a key. Requests that a proxy or a browser has made for
   * others always need one. Default true.
   */
  readonly otlpKeyless?: boolean
  /** Most bytes of what an OpenTelemetry exporter sends at a time, unpacked; twice as many may be under way. Default 64 MiB. */
  readonly otlpMaxBytes?: number
  /** Where Daybook says what concerns its operator, a line each. Default: standard error. */
  readonly onNotice?: (line: string) => void
}

export interface ServeOptions {
  /** Address to listen on. Default 127.0.0.1; anything beyond loopback needs an admin key that you set. */
  readonly host?: string
  /** Default 4318. 0 takes a free one. */
  readonly port?: number
}
