/** Options, environment and file → one frozen Config, or one Fault that names every wrong setting. */
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import type { Config, ServeConfig } from './config.ts'
import {
  DEFAULT_COMPRESS_AFTER_DAYS,
  DEFAULT_DELETE_AFTER_DAYS,
  DEFAULT_DIR,
  DEFAULT_HOST,
  DEFAULT_OTLP_MAX_BYTES,
  DEFAULT_PORT,
  DEFAULT_RATE_LIMIT,
  DEFAULT_RETENTION_ERRORS_DAYS,
  DEFAULT_RETENTION_EVENTS_DAYS,
  DEFAULT_SERVICE,
  DEFAULT_SLOW_DB_MS,
  DEFAULT_SPOOL_MAX_BYTES,
  DEFAULT_STREAM_MAX_CLIENTS,
  DEFAULT_STREAM_MAX_CLIENTS_PER_KEY,
  DEFAULT_SYSTEM_METRICS_SECONDS,
} from './defaults.ts'
import { resolveEventTypes } from './event-types.ts'
import { type Env, find, type Layers, reader, throwIfAny, toLayers } from './layers.ts'
import type { Given, Options, ServeOptions } from './options.ts'
import { readAlerts, readDatabase, readForward, readPrivacy, readRedaction, readRequests } from './parts.ts'
import { resolveRisk } from './risk.ts'
import { SERVE_SETTINGS, SETTINGS } from './settings.ts'
import { noteUnknown, noteUnknownVariables } from './unknown.ts'

export type { Env } from './layers.ts'

/** Throws one Fault `invalid_options` naming every wrong option and variable. */
export function resolveConfig(options: Given<Options> = {}, env: Env = process.env): Config {
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
