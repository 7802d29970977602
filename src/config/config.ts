/** The settings as rooms read them. */
import type { RiskConfig } from '../event/risk.ts'
import type { RegisteredType } from '../event/types.ts'
import type { AlertConfig } from './alerts.ts'
import type { ForwardTo, HostOrm, References } from './host-options.ts'
import type { Options } from './options.ts'
import type { RequestConfig } from './request-options.ts'

export interface Config {
  /** The file that settings were read from, too. */
  readonly configFile: string | undefined
  /** URL of a server; undefined for the embedded database in `dir`. */
  readonly databaseUrl: string | undefined
  /** URL of a server that follows the other. */
  readonly readDatabaseUrl: string | undefined
  readonly references: References
  /** By whoever runs it; a default otherwise. */
  readonly areReferencesSet: boolean
  /** The host's, to read through. */
  readonly orm: HostOrm | undefined
  readonly dir: string
  readonly adminKey: string | undefined
  readonly service: string
  readonly host: string
  readonly release: string | undefined
  readonly retention: { readonly eventsDays: number; readonly errorsDays: number }
  readonly durability: 'relaxed' | 'group' | 'strict'
  readonly spoolMaxBytes: number
  readonly archive: { readonly compressAfterDays: number; readonly deleteAfterDays: number }
  readonly redactKeys: readonly string[]
  readonly redaction: {
    readonly except: readonly string[]
    readonly paths: readonly string[]
    readonly patterns: readonly RegExp[]
    readonly functions: readonly ((text: string) => string)[]
    readonly emails: boolean
    readonly phones: boolean
  }
  readonly privacy: {
    readonly ip: NonNullable<Options['ip']>
    readonly userIds: NonNullable<Options['userIds']>
    readonly hashKey: string | undefined
  }
  readonly content: NonNullable<Options['content']>
  readonly minSeverity: NonNullable<Options['minSeverity']>
  readonly slowDbMs: number
  readonly eventTypes: ReadonlyMap<string, RegisteredType>
  readonly actor: Options['actor']
  readonly authenticate: Options['authenticate']
  readonly access: {
    /** Requests a second; 0 for no limit. */
    readonly rateLimit: number
    readonly readsOnRecord: boolean
    readonly tokenSecret: string | undefined
  }
  readonly requests: RequestConfig
  readonly forward: ForwardConfig | undefined
  readonly captureUncaught: boolean
  readonly systemEvents: boolean
  /** 0 is never. */
  readonly systemMetricsSeconds: number
  readonly reports: { readonly isOn: boolean; readonly origins: readonly string[] }
  readonly otlp: { readonly keyless: boolean; readonly maxBytes: number }
  readonly stream: { readonly maxGuests: number; readonly maxPerKey: number }
  /** Paths of databases. */
  readonly geoDatabase: readonly string[] | undefined
  readonly risk: RiskConfig | undefined
  readonly alerts: AlertConfig | undefined
  readonly onNotice: (line: string) => void
}

/** Where events go on to. */
export type ForwardConfig =
  | { readonly http: { readonly url: string; readonly headers: Readonly<Record<string, string>> }; readonly to?: never }
  | { readonly to: ForwardTo; readonly http?: never }

export interface ServeConfig {
  readonly host: string
  readonly port: number
  readonly trustProxy: number | string | undefined
}
