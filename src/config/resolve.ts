/** Options and environment → one frozen Config, or one Fault that names every wrong setting. */
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { Fault } from '../event/fault.ts'
import {
  DEFAULT_COMPRESS_AFTER_DAYS,
  DEFAULT_DELETE_AFTER_DAYS,
  DEFAULT_DIR,
  DEFAULT_HOST,
  DEFAULT_PORT,
  DEFAULT_RETENTION_ERRORS_DAYS,
  DEFAULT_RETENTION_EVENTS_DAYS,
  DEFAULT_SERVICE,
  DEFAULT_SPOOL_MAX_BYTES,
  MIN_ADMIN_KEY_CHARS,
} from './defaults.ts'
import { toNearest } from './nearest.ts'
import type { Options } from './options.ts'

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
  readonly actor: Options['actor']
  readonly authenticate: Options['authenticate']
  readonly onNotice: (line: string) => void
}

export interface ServeOptions {
  /** Address to listen on. Default 127.0.0.1; anything beyond loopback needs an admin key that you set. */
  readonly host?: string
  /** Default 4318. 0 takes a free one. */
  readonly port?: number
}

export interface ServeConfig {
  readonly host: string
  readonly port: number
}

/** Reads one setting: the option wins, then the variable, then the default; a wrong value is noted as a problem. */
type Check<T> = (value: unknown) => T | undefined
interface Setting<T> {
  readonly env?: string
  readonly expects: string
  readonly check: Check<T>
}

const isText: Check<string> = (value) => (typeof value === 'string' && value !== '' ? value : undefined)
const isDays: Check<number> = (value) => toWhole(value, 1, 36_500)
const isPort: Check<number> = (value) => toWhole(value, 0, 65_535)
const isKey: Check<string> = (value) =>
  typeof value === 'string' && value.length >= MIN_ADMIN_KEY_CHARS ? value : undefined
// A function's type can't be checked at run time beyond being one.
const isFunction = <T>(value: unknown): T | undefined => (typeof value === 'function' ? (value as T) : undefined)
const isNames: Check<readonly string[]> = (value) =>
  Array.isArray(value) && value.every((name) => isText(name)) ? value : undefined
const isPostgresUrl: Check<string> = (value) =>
  typeof value === 'string' && /^postgres(ql)?:\/\/./.test(value) && URL.canParse(value) ? value : undefined

function toWhole(value: unknown, min: number, max: number): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max ? number : undefined
}

const SETTINGS = {
  database: {
    env: 'DATABASE_URL',
    expects: 'a URL such as postgres://user:password@localhost:5432/app',
    check: isPostgresUrl,
  },
  dir: { env: 'DAYBOOK_DIR', expects: 'the path of a folder', check: isText },
  adminKey: { env: 'DAYBOOK_ADMIN_KEY', expects: `at least ${MIN_ADMIN_KEY_CHARS} characters`, check: isKey },
  service: { env: 'OTEL_SERVICE_NAME', expects: 'a name', check: isText },
  release: { expects: 'a name', check: isText },
  retentionEventsDays: { env: 'DAYBOOK_RETENTION_EVENTS_DAYS', expects: 'whole days, 1 to 36500', check: isDays },
  retentionErrorsDays: { env: 'DAYBOOK_RETENTION_ERRORS_DAYS', expects: 'whole days, 1 to 36500', check: isDays },
  durability: {
    env: 'DAYBOOK_DURABILITY',
    expects: 'group or strict',
    check: (value) => (value === 'group' || value === 'strict' ? value : undefined),
  },
  spoolMaxBytes: {
    env: 'DAYBOOK_SPOOL_MAX_BYTES',
    expects: 'whole bytes, 1048576 or more',
    check: (value) => toWhole(value, 1_048_576, Number.MAX_SAFE_INTEGER),
  },
  compressAfterDays: { env: 'DAYBOOK_COMPRESS_AFTER_DAYS', expects: 'whole days, 1 to 36500', check: isDays },
  deleteAfterDays: { env: 'DAYBOOK_DELETE_AFTER_DAYS', expects: 'whole days, 1 to 36500', check: isDays },
  actor: { expects: 'a function of the request', check: isFunction<NonNullable<Options['actor']>> },
  authenticate: { expects: 'a function of the request', check: isFunction<NonNullable<Options['authenticate']>> },
  redactKeys: { expects: 'a list of names', check: isNames },
  onNotice: { expects: 'a function of a line', check: isFunction<NonNullable<Options['onNotice']>> },
} as const satisfies Record<keyof Options, Setting<unknown>>

const SERVE_SETTINGS = {
  host: { env: 'HOST', expects: 'an address such as 127.0.0.1', check: isText },
  port: { env: 'PORT', expects: 'a port, 0 to 65535', check: isPort },
} as const satisfies Record<keyof ServeOptions, Setting<unknown>>

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
    actor: read('actor', SETTINGS.actor),
    authenticate: read('authenticate', SETTINGS.authenticate),
    onNotice: read('onNotice', SETTINGS.onNotice) ?? ((line) => void process.stderr.write(`${line}\n`)),
  })
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
