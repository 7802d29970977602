/** Options, environment and file → one frozen Config, or one Fault that names every wrong setting. */
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import type { RiskConfig } from '../event/risk.ts'
import type { RegisteredType } from '../event/types.ts'
import { type AlertConfig, resolveAlerts } from './alerts.ts'
import {
  DEFAULT_BODY_MAX_BYTES,
  DEFAULT_COMPRESS_AFTER_DAYS,
  DEFAULT_DELETE_AFTER_DAYS,
  DEFAULT_DIR,
  DEFAULT_FLOOD_PER_MINUTE,
  DEFAULT_HOST,
  DEFAULT_OTLP_MAX_BYTES,
  DEFAULT_PORT,
  DEFAULT_RATE_LIMIT,
  DEFAULT_RETENTION_ERRORS_DAYS,
  DEFAULT_RETENTION_EVENTS_DAYS,
  DEFAULT_SENSITIVE_PATHS,
  DEFAULT_SERVICE,
  DEFAULT_SLOW_DB_MS,
  DEFAULT_SLOW_MS,
  DEFAULT_SPOOL_MAX_BYTES,
  DEFAULT_STREAM_MAX_CLIENTS,
  DEFAULT_STREAM_MAX_CLIENTS_PER_KEY,
  DEFAULT_SYSTEM_METRICS_SECONDS,
} from './defaults.ts'
import { resolveEventTypes } from './event-types.ts'
import { isInPublic, toDatabaseUrl } from './host-orm.ts'
import { type Env, find, type Layers, reader, throwIfAny, toLayers } from './layers.ts'
import { toPatternProblem } from './linear-pattern.ts'
import { advise, showName, toNearest } from './nearest.ts'
import type { ForwardTo, HostOrm, Options, References, RequestConfig, RequestOptions, ServeOptions } from './options.ts'
import { resolveRisk } from './risk.ts'
import { ASKING_SETTINGS, REQUEST_SETTINGS, SERVE_SETTINGS, SETTINGS } from './settings.ts'

export type { Env } from './layers.ts'

/** What rooms read. */
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

/** Variables of ours that other settings read. */
const ENV_NAMES: readonly string[] = [
  ...Object.values(SETTINGS),
  ...Object.values(SERVE_SETTINGS),
  ...Object.values(ASKING_SETTINGS),
].flatMap((s) => ('env' in s ? [s.env] : []))

/** Throws one Fault `invalid_options` naming every wrong option and variable. */
export function resolveConfig(options: Options = {}, env: Env = process.env): Config {
  const problems: string[] = []
  const layers = toLayers(options, env, problems)
  const config = readConfig(layers, problems)
  throwIfAny(problems, layers)
  return config
}

/** The options, with others in the place of what neither they nor the environment nor the file set. */
export function preset(options: Options, presets: Options, env: Env = process.env): Options {
  const layers = toLayers(options, env, [])
  const left = Object.entries(presets).filter(([name]) => !find(name, SETTINGS[name as keyof Options], layers))
  return { ...options, ...Object.fromEntries(left) }
}

/** Options of a service that stands alone, whose database is its own. */
export const alone = (options: Options, env?: Env): Options => preset(options, { references: 'own' }, env)

/**
 * The address to serve at. Throws one Fault `invalid_options` naming everything wrong with it, and with `options` too
 * when these are still to be used.
 */
export function resolveServe(serve: ServeOptions, options: Options | undefined, env: Env = process.env): ServeConfig {
  const problems: string[] = []
  const layers = toLayers(options ?? {}, env, problems)
  if (options) readConfig(layers, problems)
  noteUnknown(serve, SERVE_SETTINGS, problems)
  const read = reader({ ...layers, code: serve }, problems)
  const config: ServeConfig = {
    host: read('host', SERVE_SETTINGS.host) ?? DEFAULT_HOST,
    port: read('port', SERVE_SETTINGS.port) ?? DEFAULT_PORT,
    trustProxy: read('trustProxy', SERVE_SETTINGS.trustProxy),
  }
  throwIfAny(problems, layers)
  return Object.freeze(config)
}

function readConfig(layers: Layers, problems: string[]): Config {
  const { code, env, file } = layers
  noteUnknown(code, SETTINGS, problems)
  noteUnknownVariables(env, problems)
  const read = reader(layers, problems)
  const database = readDatabase(read, problems)
  const references = read('references', SETTINGS.references)
  const systemEvents = read('systemEvents', SETTINGS.systemEvents) ?? false
  return Object.freeze({
    configFile: file.path,
    ...database,
    references: references ?? (database.databaseUrl === undefined && !database.orm ? 'own' : 'none'),
    areReferencesSet: references !== undefined,
    dir: resolve(read('dir', SETTINGS.dir) ?? DEFAULT_DIR),
    adminKey: read('adminKey', SETTINGS.adminKey),
    service: read('service', SETTINGS.service) ?? (env.npm_package_name || DEFAULT_SERVICE),
    host: hostname(),
    release: read('release', SETTINGS.release),
    retention: Object.freeze({
      eventsDays: read('retentionEventsDays', SETTINGS.retentionEventsDays) ?? DEFAULT_RETENTION_EVENTS_DAYS,
      errorsDays: read('retentionErrorsDays', SETTINGS.retentionErrorsDays) ?? DEFAULT_RETENTION_ERRORS_DAYS,
    }),
    durability: read('durability', SETTINGS.durability) ?? 'group',
    spoolMaxBytes: read('spoolMaxBytes', SETTINGS.spoolMaxBytes) ?? DEFAULT_SPOOL_MAX_BYTES,
    archive: Object.freeze({
      compressAfterDays: read('compressAfterDays', SETTINGS.compressAfterDays) ?? DEFAULT_COMPRESS_AFTER_DAYS,
      deleteAfterDays: read('deleteAfterDays', SETTINGS.deleteAfterDays) ?? DEFAULT_DELETE_AFTER_DAYS,
    }),
    redactKeys: Object.freeze([...(read('redactKeys', SETTINGS.redactKeys) ?? [])]),
    redaction: readRedaction(read, problems),
    privacy: readPrivacy(read, problems),
    content: read('content', SETTINGS.content) ?? 'full',
    minSeverity: read('minSeverity', SETTINGS.minSeverity) ?? 'debug',
    slowDbMs: read('slowDbMs', SETTINGS.slowDbMs) ?? DEFAULT_SLOW_DB_MS,
    eventTypes: resolveEventTypes(read('eventTypes', SETTINGS.eventTypes) ?? {}, problems),
    actor: read('actor', SETTINGS.actor),
    authenticate: read('authenticate', SETTINGS.authenticate),
    access: Object.freeze({
      rateLimit: read('rateLimit', SETTINGS.rateLimit) ?? DEFAULT_RATE_LIMIT,
      readsOnRecord: read('readsOnRecord', SETTINGS.readsOnRecord) ?? true,
      tokenSecret: read('tokenSecret', SETTINGS.tokenSecret),
    }),
    requests: readRequests(read),
    forward: readForward(read, problems),
    captureUncaught: read('captureUncaught', SETTINGS.captureUncaught) ?? false,
    systemEvents,
    systemMetricsSeconds:
      read('systemMetricsSeconds', SETTINGS.systemMetricsSeconds) ??
      (systemEvents ? DEFAULT_SYSTEM_METRICS_SECONDS : 0),
    reports: Object.freeze({
      isOn: read('errorReports', SETTINGS.errorReports) ?? true,
      origins: Object.freeze([...(read('errorOrigins', SETTINGS.errorOrigins) ?? [])]),
    }),
    otlp: Object.freeze({
      keyless: read('otlpKeyless', SETTINGS.otlpKeyless) ?? true,
      maxBytes: read('otlpMaxBytes', SETTINGS.otlpMaxBytes) ?? DEFAULT_OTLP_MAX_BYTES,
    }),
    stream: Object.freeze({
      maxGuests: read('streamMaxClients', SETTINGS.streamMaxClients) ?? DEFAULT_STREAM_MAX_CLIENTS,
      maxPerKey: read('streamMaxClientsPerKey', SETTINGS.streamMaxClientsPerKey) ?? DEFAULT_STREAM_MAX_CLIENTS_PER_KEY,
    }),
    geoDatabase: read('geoDatabase', SETTINGS.geoDatabase)
      ?.split(',')
      .map((path) => resolve(path.trim())),
    alerts: readAlerts(layers, problems),
    risk: resolveRisk(read('risk', SETTINGS.risk), problems),
    onNotice: read('onNotice', SETTINGS.onNotice) ?? ((line) => void process.stderr.write(`${line}\n`)),
  })
}

type Read = ReturnType<typeof reader>

function readAlerts(layers: Layers, problems: string[]): AlertConfig | undefined {
  const read = reader(layers, problems)
  const alerts = read('alerts', SETTINGS.alerts)
  const url = read('alertWebhookUrl', SETTINGS.alertWebhookUrl)
  const secret = read('alertWebhookSecret', SETTINGS.alertWebhookSecret)
  const isOfFile = find('alerts', SETTINGS.alerts, layers)?.from === 'file'
  if (!isOfFile || typeof alerts !== 'object' || !alerts.webhook)
    return resolveAlerts(alerts, { url, secret }, problems)
  // What the environment says of it goes before what the file says.
  const webhook = { ...alerts.webhook, ...(url && { url }), ...(secret && { secret }) }
  return resolveAlerts({ ...alerts, webhook }, { url, secret }, problems)
}

function readRequests(read: Read): RequestConfig {
  const given = Object.entries(REQUEST_SETTINGS).map(([name, setting]) => [name, read<unknown>(name, setting)] as const)
  const set: RequestOptions = Object.fromEntries(given.filter(([, value]) => value !== undefined))
  return Object.freeze({
    floodPerMinute: DEFAULT_FLOOD_PER_MINUTE,
    slowMs: DEFAULT_SLOW_MS,
    bodyMaxBytes: DEFAULT_BODY_MAX_BYTES,
    sensitivePaths: DEFAULT_SENSITIVE_PATHS,
    ...set,
  })
}

function readRedaction(read: Read, problems: string[]): Config['redaction'] {
  const patterns = read('redactPatterns', SETTINGS.redactPatterns) ?? []
  for (const [at, pattern] of patterns.entries()) {
    const problem = toPatternProblem(pattern)
    if (problem) problems.push(`redactPatterns: number ${at + 1} could take too long: ${problem}.`)
  }
  return Object.freeze({
    except: Object.freeze([...(read('redactExcept', SETTINGS.redactExcept) ?? [])]),
    paths: Object.freeze([...(read('redactPaths', SETTINGS.redactPaths) ?? [])]),
    patterns: Object.freeze([...patterns]),
    functions: Object.freeze([...(read('redactWith', SETTINGS.redactWith) ?? [])]),
    emails: read('redactEmails', SETTINGS.redactEmails) ?? false,
    phones: read('redactPhones', SETTINGS.redactPhones) ?? false,
  })
}

function readPrivacy(read: Read, problems: string[]): Config['privacy'] {
  const ip = read('ip', SETTINGS.ip) ?? 'truncate'
  const userIds = read('userIds', SETTINGS.userIds) ?? 'keep'
  const hashKey = read('hashKey', SETTINGS.hashKey)
  if (hashKey === undefined && [ip, userIds].includes('hash'))
    problems.push('hashKey: hashes need a key; set it or DAYBOOK_HASH_KEY.')
  return Object.freeze({ ip, userIds, hashKey })
}

function readDatabase(read: Read, problems: string[]): Pick<Config, 'databaseUrl' | 'readDatabaseUrl' | 'orm'> {
  const [given, orm] = [read('database', SETTINGS.database), read('orm', SETTINGS.orm)]
  const readDatabaseUrl = read('readDatabase', SETTINGS.readDatabase)
  if (readDatabaseUrl !== undefined && given === undefined && !orm)
    problems.push('readDatabase: a replica needs what it is one of: set database (DATABASE_URL), too.')
  if (!orm) return { databaseUrl: given, readDatabaseUrl, orm }
  const databaseUrl = toDatabaseUrl(orm, given, (problem) => void problems.push(problem))
  // Its connections look in the schema `public` alone.
  return { databaseUrl, readDatabaseUrl, orm: given === undefined && isInPublic(orm) ? orm : undefined }
}

function readForward(read: Read, problems: string[]): ForwardConfig | undefined {
  const url = read('forwardUrl', SETTINGS.forwardUrl)
  const headers = read('forwardHeaders', SETTINGS.forwardHeaders)
  const to = read('forwardTo', SETTINGS.forwardTo)
  if (url !== undefined && to) problems.push('forwardTo: give it or forwardUrl (DAYBOOK_FORWARD_URL), not both.')
  if (headers && url === undefined) problems.push('forwardHeaders: they need forwardUrl (DAYBOOK_FORWARD_URL).')
  if (url !== undefined) return { http: { url, headers: headers ?? {} } }
  return to && { to }
}

function noteUnknown(options: object, settings: object, problems: string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    problems.push('options: expected an object.')
    return
  }
  const known = Object.keys(settings)
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) problems.push(`${showName(name)}: no such option${advise(toNearest(name, known))}`)
  }
}

const PREFIX = 'DAYBOOK_'

/** Only our own prefix can be checked; the variable that was meant need not have it. */
function noteUnknownVariables(env: Env, problems: string[]): void {
  const bare = (name: string): string => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name)
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || value === undefined || value === '' || ENV_NAMES.includes(name)) continue
    const near = toNearest(bare(name), ENV_NAMES.map(bare))
    const meant = ENV_NAMES.find((known) => bare(known) === near)
    problems.push(`${showName(name)}: no such environment variable${advise(meant)}`)
  }
}
