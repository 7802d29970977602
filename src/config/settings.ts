/** Every setting: its variable, what it expects, and how that is checked. */
import {
  isDays,
  isFlag,
  isForwardTo,
  isFunction,
  isHeaders,
  isHttpUrl,
  isKey,
  isMillis,
  isNames,
  isObject,
  isOrigins,
  isPort,
  isPostgresUrl,
  isRatio,
  isRules,
  isSwitch,
  isText,
  type Setting,
  toWhole,
} from './checks.ts'
import { MIN_ADMIN_KEY_CHARS } from './defaults.ts'
import type { EventTypeOption, Options, RequestOptions, ServeOptions } from './options.ts'

const RULES = { expects: 'a list of paths such as "/health" or "POST /login", RegExps or functions', check: isRules }
const NAMES = { expects: 'a list of names', check: isNames }

export const REQUEST_SETTINGS = {
  include: RULES,
  exclude: RULES,
  sampleRatio: { expects: 'a number, 0 to 1', check: isRatio },
  slowMs: { expects: 'milliseconds', check: isMillis },
  arrivals: { expects: 'true or false', check: isFlag },
  loginRoutes: RULES,
  logoutRoutes: RULES,
  requestHeaders: NAMES,
  responseHeaders: NAMES,
  requestBodies: RULES,
  responseBodies: RULES,
  bodyMaxBytes: { expects: 'whole bytes', check: (value) => toWhole(value, 0, Number.MAX_SAFE_INTEGER) },
} as const satisfies Record<keyof RequestOptions, Setting<unknown>>

export const SETTINGS = {
  ...REQUEST_SETTINGS,
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
  redactKeys: NAMES,
  eventTypes: { expects: 'an object of types by name', check: isObject<Record<string, EventTypeOption>> },
  forwardUrl: {
    env: 'DAYBOOK_FORWARD_URL',
    expects: 'an address such as http://localhost:4318',
    check: isHttpUrl,
  },
  forwardHeaders: {
    env: 'DAYBOOK_FORWARD_HEADERS',
    expects: 'headers by name, or text such as x-api-key=secret,other=value',
    check: isHeaders,
  },
  forwardTo: { expects: 'an OpenTelemetry LogRecordExporter or Logger', check: isForwardTo },
  captureUncaught: { expects: 'true or false', check: isFlag },
  systemEvents: { expects: 'true or false', check: isFlag },
  errorReports: { env: 'DAYBOOK_ERROR_REPORTS', expects: 'true or false, or on or off', check: isSwitch },
  errorOrigins: {
    env: 'DAYBOOK_ERROR_ORIGINS',
    expects: 'origins such as https://shop.example, in a variable with commas between them',
    check: isOrigins,
  },
  otlpKeyless: { env: 'DAYBOOK_OTLP_KEYLESS', expects: 'on or off', check: isSwitch },
  otlpMaxBytes: {
    env: 'DAYBOOK_OTLP_MAX_BYTES',
    expects: 'whole bytes, 1024 to 1073741824',
    check: (value) => toWhole(value, 1_024, 1_073_741_824),
  },
  onNotice: { expects: 'a function of a line', check: isFunction<NonNullable<Options['onNotice']>> },
} as const satisfies Record<keyof Options, Setting<unknown>>

export const SERVE_SETTINGS = {
  host: { env: 'HOST', expects: 'an address such as 127.0.0.1', check: isText },
  port: { env: 'PORT', expects: 'a port, 0 to 65535', check: isPort },
} as const satisfies Record<keyof ServeOptions, Setting<unknown>>
