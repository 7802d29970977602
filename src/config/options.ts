/** What people write. Each option has an environment variable beside it in `defaults.ts`, where it can have one. */
import type { Request } from 'express'
import type { AlertRule } from '../event/alert.ts'
import type { AlertLimits } from '../event/alert-rules.ts'
import type { RiskLimits, RiskWeights } from '../event/risk.ts'
import type { Category } from '../event/types.ts'
import type { Role } from '../event/viewer.ts'
import type { ForwardTo, HostOrm, References } from './host-options.ts'
import type { RequestOptions } from './request-options.ts'

/** What may be left out may be undefined: `release: process.env.RELEASE`. */
export type Given<T> = { readonly [Name in keyof T]: object extends Pick<T, Name> ? T[Name] | undefined : T[Name] }

/** What the host's own authentication says of a request. */
export interface Identified {
  readonly role: Exclude<Role, 'anonymous'>
  /** Required for role user: whose events they may see. */
  readonly user_id?: string
  /** Default `default`. */
  readonly tenant_id?: string
  /** Projects whose rows role user may see, whosever they are, beside those of which Daybook itself knows. */
  readonly projects?: readonly string[]
}

type Known = Given<Identified> | null | undefined

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

export interface AlertWebhook {
  readonly url: string
  /** Signs each message; at least 16 characters. */
  readonly secret: string
  /** True: also to addresses of your own network. */
  readonly allowPrivate?: boolean
}

export interface AlertOptions {
  /** Beside those there are; one of the same name takes its place. */
  readonly rules?: readonly AlertRule[]
  /** Limits of the rules there are. */
  readonly limits?: Partial<AlertLimits>
  readonly webhook?: AlertWebhook
  /** Seconds between two looks. Default 15. */
  readonly intervalSeconds?: number
}

/** What makes an event a risky one; docs/risk.md has the formula. */
export interface RiskOptions extends Partial<RiskLimits> {
  /** Points for each factor, 0 to 100; 0 switches it off. */
  readonly weights?: Partial<RiskWeights>
  /** Parts of a path that make it sensitive, in place of the built-in ones: `admin` covers `/api/admin/users`. */
  readonly sensitivePaths?: readonly string[]
}

export interface Options extends RequestOptions {
  /**
   * A JSON file with options that are plain data: docs/configuration-file.md. Default `daybook.json` in the working
   * directory, where there is one.
   */
  readonly configFile?: string
  /** URL of a Postgres server, `postgres://user:password@host:5432/name`. Without it the embedded database is used. */
  readonly database?: string
  /**
   * URL of a replica of `database`, which is asked for events, errors, statistics and exports: it may lag behind. Keys,
   * streams and all that is written stay with `database`. Default: `database` for all.
   */
  readonly readDatabase?: string
  /**
   * Which tables the logs refer to by foreign keys: Daybook's own, none, or tables of the app's. Default own where the
   * database is Daybook's, embedded or of `daybook serve`, and none in a database of an app.
   */
  readonly references?: References
  /**
   * Your own MikroORM: Daybook stores to its database, by a connection of its own made from its settings, and reads through
   * its pool; over PGlite it takes turns with you at the one connection that there is. Instead of `database`, or beside it
   * where the settings can't be written as a URL.
   */
  readonly orm?: HostOrm
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
   * group: an event is with the kernel when it is logged, and on the disk itself within 100 ms and what the disk takes.
   * strict: the caller waits for the disk, some 0.1 ms and now and then much more. relaxed: as group, but the event of a
   * request whose body is not kept may be written up to 10 ms after its answer, or once the app no longer blocks its
   * thread: many at once, which takes less CPU. A `kill -9` loses those. Default group.
   */
  readonly durability?: 'relaxed' | 'group' | 'strict'
  /** Bytes that may wait on disk for the database before new events are dropped. Default 4 GiB. */
  readonly spoolMaxBytes?: number
  /** Days after which a stored daily file is compressed. Default 7. */
  readonly compressAfterDays?: number
  /** Days after which a stored daily file is deleted. Default 30. */
  readonly deleteAfterDays?: number
  /** Who made a request. Default: from `req.user`, `req.auth`, else anonymous. Read when the response ends. */
  readonly actor?: (req: Request) => Given<ActorFields> | undefined
  /** Who may read the API with the host's own log-in. Undefined or null: look for a key, else anonymous. */
  readonly authenticate?: (req: Request) => Known | Promise<Known>
  /**
   * Requests a second to the API from one key, user or address, over ten seconds; 0 for no limit. Telemetry is not limited.
   * Default 200.
   */
  readonly rateLimit?: number
  /** Also log what admins and auditors read of the API: LOG_READ, once a minute for each question. Default true. */
  readonly readsOnRecord?: boolean
  /** Signs viewer tokens, together with a secret in the database; at least 16 characters. Default: that one alone. */
  readonly tokenSecret?: string
  /** More names whose values are redacted, matched like the built-in ones: `badge` covers `staffBadgeNo`. */
  readonly redactKeys?: readonly string[]
  /** Names that are no secrets although they look like one, as a whole and in any spelling: `pin`, `public_key_token`. */
  readonly redactExcept?: readonly string[]
  /** Places in the JSON columns: `payload.user.iban`, `metadata.*.note`, `payload.**.iban`. What is in a list is found, too. */
  readonly redactPaths?: readonly string[]
  /** Patterns of the app's own secrets, in any text. One whose time may grow with the square of the text stops the start. */
  readonly redactPatterns?: readonly RegExp[]
  /** Called with each text when the rules above are done; gives the text to keep. Must be quick; one that throws costs the text. */
  readonly redactWith?: readonly ((text: string) => string)[]
  /** Also redact e-mail addresses. Default false. */
  readonly redactEmails?: boolean
  /** Also redact phone numbers. Default false. */
  readonly redactPhones?: boolean
  /** What is kept of client addresses: the network (/24, /48), all, a keyed hash, nothing. Default truncate. */
  readonly ip?: 'truncate' | 'keep' | 'hash' | 'drop'
  /** Whether user ids are kept as they are or as a keyed hash, another one in each tenant. Default keep. */
  readonly userIds?: 'keep' | 'hash'
  /** The key of those hashes; at least 16 characters. Who has it can tell whether a hash is that of a given id. */
  readonly hashKey?: string
  /** What is kept of messages, prompts, tool arguments and results, and bodies: all, their form and sizes, nothing. Default full. */
  readonly content?: 'none' | 'metadata' | 'full'
  /** Events and errors below this severity are not kept. Default debug: all are. */
  readonly minSeverity?: 'debug' | 'info' | 'warning' | 'error' | 'critical'
  /** Milliseconds from which on a span of a database has `metadata.slow`. Default 500. */
  readonly slowDbMs?: number
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
   * Seconds between two SYSTEM_METRICS: memory and CPU of the process, and what its caches answered. 0 is never. Default
   * 60 where `systemEvents` is on, else 0.
   */
  readonly systemMetricsSeconds?: number
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
  /** Streams, exports and replays that may be open at once. Default 1000. */
  readonly streamMaxClients?: number
  /** The same with one key, or of one user of the host's own log-in. Default 100. */
  readonly streamMaxClientsPerKey?: number
  /**
   * A database of MaxMind's format, or several with commas between them: events get the country and city of their
   * address, before it is shortened. Default: none.
   */
  readonly geoDatabase?: string
  /** What makes an event a risky one. `false`: events have no score but what the app gives them. */
  readonly risk?: false | RiskOptions
  /** What is watched, and who is told: rules of your own, limits of those there are, a webhook. `false`: nothing. */
  readonly alerts?: false | AlertOptions
  /** Where alerts are sent to; the same as `alerts.webhook.url`. */
  readonly alertWebhookUrl?: string
  /** What signs them; the same as `alerts.webhook.secret`. At least 16 characters. */
  readonly alertWebhookSecret?: string
  /** Where Daybook says what concerns its operator, a line each. Default: standard error. */
  readonly onNotice?: (line: string) => void
}

export interface ServeOptions {
  /** Address to listen on. Default 127.0.0.1; anything beyond loopback needs an admin key that you set. */
  readonly host?: string
  /** Default 4318. 0 takes a free one. */
  readonly port?: number
  /**
   * Proxies before it, so that events and limits are of who asks and not of the proxy: how many, or their addresses and
   * subnets as Express's `trust proxy` takes them. Default: none.
   */
  readonly trustProxy?: number | string
}
