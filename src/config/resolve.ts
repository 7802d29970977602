/** Options and environment → one frozen Config, or one Fault that names every wrong setting. */
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { Fault } from '../event/fault.ts'
import type { RegisteredType } from '../event/types.ts'
import type { Setting } from './checks.ts'
import {
  DEFAULT_BODY_MAX_BYTES,
  DEFAULT_COMPRESS_AFTER_DAYS,
  DEFAULT_DELETE_AFTER_DAYS,
  DEFAULT_DIR,
  DEFAULT_HOST,
  DEFAULT_OTLP_MAX_BYTES,
  DEFAULT_PORT,
  DEFAULT_RETENTION_ERRORS_DAYS,
  DEFAULT_RETENTION_EVENTS_DAYS,
  DEFAULT_SERVICE,
  DEFAULT_SLOW_MS,
  DEFAULT_SPOOL_MAX_BYTES,
} from './defaults.ts'
import { resolveEventTypes } from './event-types.ts'
import { toNearest } from './nearest.ts'
import type { ForwardTo, Options, RequestConfig, RequestOptions, ServeOptions } from './options.ts'
import { REQUEST_SETTINGS, SERVE_SETTINGS, SETTINGS } from './settings.ts'

export type Env = Readonly<Record<string, string | undefined>>

/** What rooms read. */
export interface Config {
  /** URL of a server; undefined for the embedded database in `dir`. */
  readonly databaseUrl: string | undefined
  readonly dir: string
  readonly adminKey: string | undefined
  readonly service: string
  readonly host: string
  readonly release: string | undefined
  readonly retention: { readonly eventsDays: number; readonly errorsDays: number }
  readonly durability: 'group' | 'strict'
  readonly spoolMaxBytes: number
  readonly archive: { readonly compressAfterDays: number; readonly deleteAfterDays: number }
  readonly redactKeys: readonly string[]
  readonly eventTypes: ReadonlyMap<string, RegisteredType>
  readonly actor: Options['actor']
  readonly authenticate: Options['authenticate']
  readonly requests: RequestConfig
  readonly forward: ForwardConfig | undefined
  readonly captureUncaught: boolean
  readonly systemEvents: boolean
  readonly reports: { readonly isOn: boolean; readonly origins: readonly string[] }
  readonly otlp: { readonly keyless: boolean; readonly maxBytes: number }
  readonly onNotice: (line: string) => void
}

/** Where events go on to. */
export type ForwardConfig =
  | { readonly http: { readonly url: string; readonly headers: Readonly<Record<string, string>> }; readonly to?: never }
  | { readonly to: ForwardTo; readonly http?: never }

export interface ServeConfig {
  readonly host: string
  readonly port: number
}

/** Variables of ours that other settings read. */
const ENV_NAMES: readonly string[] = [...Object.values(SETTINGS), ...Object.values(SERVE_SETTINGS)].flatMap((s) =>
  'env' in s ? [s.env] : [],
)

/** Throws one Fault `invalid_options` naming every wrong option and variable. */
export function resolveConfig(options: Options = {}, env: Env = process.env): Config {
  const problems: string[] = []
  const config = readConfig(options, env, problems)
  throwIfAny(problems)
  return config
}

/**
 * The address to serve at. Throws one Fault `invalid_options` naming everything wrong with it, and with `options` too
 * when these are still to be used.
 */
export function resolveServe(serve: ServeOptions, options: Options | undefined, env: Env = process.env): ServeConfig {
  const problems: string[] = []
  if (options) readConfig(options, env, problems)
  noteUnknown(serve, SERVE_SETTINGS, problems)
  const read = reader(serve, env, problems)
  const config: ServeConfig = {
    host: read('host', SERVE_SETTINGS.host) ?? DEFAULT_HOST,
    port: read('port', SERVE_SETTINGS.port) ?? DEFAULT_PORT,
  }
  throwIfAny(problems)
  return Object.freeze(config)
}

function readConfig(options: Options, env: Env, problems: string[]): Config {
  noteUnknown(options, SETTINGS, problems)
  noteUnknownVariables(env, problems)
  const read = reader(options, env, problems)
  return Object.freeze({
    databaseUrl: read('database', SETTINGS.database),
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
    eventTypes: resolveEventTypes(read('eventTypes', SETTINGS.eventTypes) ?? {}, problems),
    actor: read('actor', SETTINGS.actor),
    authenticate: read('authenticate', SETTINGS.authenticate),
    requests: readRequests(read),
    forward: readForward(read, problems),
    captureUncaught: read('captureUncaught', SETTINGS.captureUncaught) ?? false,
    systemEvents: read('systemEvents', SETTINGS.systemEvents) ?? false,
    reports: Object.freeze({
      isOn: read('errorReports', SETTINGS.errorReports) ?? true,
      origins: Object.freeze([...(read('errorOrigins', SETTINGS.errorOrigins) ?? [])]),
    }),
    otlp: Object.freeze({
      keyless: read('otlpKeyless', SETTINGS.otlpKeyless) ?? true,
      maxBytes: read('otlpMaxBytes', SETTINGS.otlpMaxBytes) ?? DEFAULT_OTLP_MAX_BYTES,
    }),
    onNotice: read('onNotice', SETTINGS.onNotice) ?? ((line) => void process.stderr.write(`${line}\n`)),
  })
}

type Read = ReturnType<typeof reader>

function readRequests(read: Read): RequestConfig {
  const given = Object.entries(REQUEST_SETTINGS).map(([name, setting]) => [name, read<unknown>(name, setting)] as const)
  const set: RequestOptions = Object.fromEntries(given.filter(([, value]) => value !== undefined))
  return Object.freeze({ slowMs: DEFAULT_SLOW_MS, bodyMaxBytes: DEFAULT_BODY_MAX_BYTES, ...set })
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
    if (!known.includes(name)) problems.push(`${show(name)}: no such option${advise(toNearest(name, known))}`)
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
    problems.push(`${show(name)}: no such environment variable${advise(meant)}`)
  }
}

const advise = (near: string | undefined): string => (near ? `; did you mean ${near}?` : '.')

const MAX_NAME_CHARS = 64
const show = (name: string): string => name.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_NAME_CHARS)

/** Reads one setting: the option wins, then the variable, then the default; a wrong value is noted as a problem. */
function reader(options: object, env: Env, problems: string[]) {
  return <T>(option: string, setting: Setting<T>): T | undefined => {
    const written: unknown = Object(options)[option] ?? undefined
    const fromEnv = setting.env ? env[setting.env] : undefined
    const value = written ?? (fromEnv === '' ? undefined : fromEnv)
    if (value === undefined || value === null) return undefined
    const checked = setting.check(value)
    // The value itself is not shown: it may be a password.
    if (checked === undefined)
      problems.push(`${written === undefined ? setting.env : option}: expected ${setting.expects}.`)
    return checked
  }
}

function throwIfAny(problems: readonly string[]): void {
  if (problems.length === 0) return
  throw new Fault('invalid_options', `Daybook can't start:\n${problems.map((line) => `  - ${line}`).join('\n')}`)
}
