/** Every setting: its variable, what it expects, and how that is checked. */

import { isAlerts } from './alerts.ts'
import {
  isDays,
  isFlag,
  isForwardTo,
  isFunction,
  isFunctions,
  isHeaders,
  isHttpUrl,
  isJsonPaths,
  isKey,
  isMillisText,
  isNameList,
  isNames,
  isObject,
  isOneOf,
  isOrigins,
  isPatterns,
  isPort,
  isPostgresUrl,
  isProxies,
  isRatio,
  isReferences,
  isRouteLimits,
  isRuleList,
  isRules,
  isSentKey,
  isSwitch,
  isText,
  type Setting,
  toWhole,
} from './checks.ts'
import { MIN_ADMIN_KEY_CHARS, MIN_HASH_KEY_CHARS, MIN_RATE_LIMIT } from './defaults.ts'
import { isHostOrm } from './host-orm.ts'
import type { EventTypeOption, Options, ServeOptions } from './options.ts'
import type { RequestOptions } from './request-options.ts'
import { isRisk } from './risk.ts'

const RULES = { expects: 'a list of paths such as "/health" or "POST /login", RegExps or functions', check: isRules }
const NAMES = { expects: 'a list of names', check: isNames }

export const REQUEST_SETTINGS = {
  include: RULES,
  exclude: RULES,
  sampleRatio: { expects: 'a number, 0 to 1', check: isRatio },
  floodPerMinute: {
    env: 'DAYBOOK_FLOOD_PER_MINUTE',
    expects: 'whole requests a minute',
    check: (value) => toWhole(value, 0, Number.MAX_SAFE_INTEGER),
  },
  slowMs: { env: 'DAYBOOK_SLOW_MS', expects: 'milliseconds', check: isMillisText },
  slowRoutes: { expects: 'milliseconds by path or route, such as { "POST /reports": 5000 }', check: isRouteLimits },
  sensitivePaths: { ...RULES, env: 'DAYBOOK_SENSITIVE_PATHS', check: isRuleList },
  threats: { env: 'DAYBOOK_THREATS', expects: 'true or false, or on or off', check: isSwitch },
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
  configFile: { env: 'DAYBOOK_CONFIG', expects: 'the path of a JSON file', check: isText },
  database: {
    env: 'DATABASE_URL',
    expects: 'a URL such as postgres://user:password@localhost:5432/app',
    check: isPostgresUrl,
  },
  readDatabase: {
    env: 'DAYBOOK_READ_DATABASE_URL',
    expects: 'a URL such as postgres://user:password@replica:5432/app',
    check: isPostgresUrl,
  },
  references: {
    env: 'DAYBOOK_REFERENCES',
    expects: 'own, none, or in code your tables by sessions, users, projects, agents and runs',
    check: isReferences,
  },
  orm: { expects: 'a MikroORM, as `new MikroORM(…)` or `MikroORM.init(…)` gives it', check: isHostOrm },
  dir: { env: 'DAYBOOK_DIR', expects: 'the path of a folder', check: isText },
  adminKey: {
    env: 'DAYBOOK_ADMIN_KEY',
    expects: `at least ${MIN_ADMIN_KEY_CHARS} characters that an HTTP header can hold, such as letters and digits`,
    check: isSentKey,
  },
  service: { env: 'OTEL_SERVICE_NAME', expects: 'a name', check: isText },
  release: { expects: 'a name', check: isText },
  retentionEventsDays: { env: 'DAYBOOK_RETENTION_EVENTS_DAYS', expects: 'whole days, 1 to 36500', check: isDays },
  retentionErrorsDays: { env: 'DAYBOOK_RETENTION_ERRORS_DAYS', expects: 'whole days, 1 to 36500', check: isDays },
  durability: {
    env: 'DAYBOOK_DURABILITY',
    expects: 'relaxed, group or strict',
    check: (value) => (value === 'relaxed' || value === 'group' || value === 'strict' ? value : undefined),
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
  rateLimit: {
    env: 'DAYBOOK_RATE_LIMIT',
    expects: `0, or ${MIN_RATE_LIMIT} or more requests a second`,
    check: (value) => toWhole(value, 0, 0) ?? toWhole(value, MIN_RATE_LIMIT, 1_000_000),
  },
  readsOnRecord: { env: 'DAYBOOK_READS_ON_RECORD', expects: 'on or off', check: isSwitch },
  tokenSecret: { env: 'DAYBOOK_TOKEN_SECRET', expects: `at least ${MIN_ADMIN_KEY_CHARS} characters`, check: isKey },
  redactKeys: { ...NAMES, env: 'DAYBOOK_REDACT_KEYS', check: isNameList },
  redactExcept: { ...NAMES, env: 'DAYBOOK_REDACT_EXCEPT', check: isNameList },
  redactPaths: {
    env: 'DAYBOOK_REDACT_PATHS',
    expects: 'a list of places such as payload.user.iban, metadata.*.note or payload.**.iban',
    check: isJsonPaths,
  },
  redactPatterns: { expects: 'a list of RegExps', check: isPatterns },
  redactWith: { expects: 'a list of functions of a text', check: isFunctions<(text: string) => string> },
  redactEmails: { env: 'DAYBOOK_REDACT_EMAILS', expects: 'true or false, or on or off', check: isSwitch },
  redactPhones: { env: 'DAYBOOK_REDACT_PHONES', expects: 'true or false, or on or off', check: isSwitch },
  ip: {
    env: 'DAYBOOK_IP',
    expects: 'truncate, keep, hash or drop',
    check: isOneOf('truncate', 'keep', 'hash', 'drop'),
  },
  userIds: { env: 'DAYBOOK_USER_IDS', expects: 'keep or hash', check: isOneOf('keep', 'hash') },
  hashKey: {
    env: 'DAYBOOK_HASH_KEY',
    expects: `at least ${MIN_HASH_KEY_CHARS} characters`,
    check: (value) => (typeof value === 'string' && value.length >= MIN_HASH_KEY_CHARS ? value : undefined),
  },
  content: {
    env: 'DAYBOOK_CONTENT',
    expects: 'none, metadata or full',
    check: isOneOf('none', 'metadata', 'full'),
  },
  minSeverity: {
    env: 'DAYBOOK_MIN_SEVERITY',
    expects: 'debug, info, warning, error or critical',
    check: isOneOf('debug', 'info', 'warning', 'error', 'critical'),
  },
  slowDbMs: { env: 'DAYBOOK_SLOW_DB_MS', expects: 'milliseconds', check: isMillisText },
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
  systemMetricsSeconds: {
    env: 'DAYBOOK_SYSTEM_METRICS_SECONDS',
    expects: 'whole seconds, 0 to 86400',
    check: (value) => toWhole(value, 0, 86_400),
  },
  errorReports: { env: 'DAYBOOK_ERROR_REPORTS', expects: 'true or false, or on or off', check: isSwitch },
  errorOrigins: {
    env: 'DAYBOOK_ERROR_ORIGINS',
    expects: 'origins such as https://shop.example, in a variable with commas between them',
    check: isOrigins,
  },
  otlpKeyless: { env: 'DAYBOOK_OTLP_KEYLESS', expects: 'on or off', check: isSwitch },
  streamMaxClients: {
    env: 'DAYBOOK_STREAM_MAX_CLIENTS',
    expects: 'a whole number, 1 to 1000000',
    check: (value) => toWhole(value, 1, 1_000_000),
  },
  streamMaxClientsPerKey: {
    env: 'DAYBOOK_STREAM_MAX_CLIENTS_PER_KEY',
    expects: 'a whole number, 1 to 1000000',
    check: (value) => toWhole(value, 1, 1_000_000),
  },
  otlpMaxBytes: {
    env: 'DAYBOOK_OTLP_MAX_BYTES',
    expects: 'whole bytes, 1024 to 1073741824',
    check: (value) => toWhole(value, 1_024, 1_073_741_824),
  },
  geoDatabase: { env: 'DAYBOOK_GEO_DATABASE', expects: 'the path of an .mmdb file', check: isText },
  alerts: {
    env: 'DAYBOOK_ALERTS',
    expects: 'on or off, or in code rules, limits, webhook and intervalSeconds',
    check: isAlerts,
  },
  alertWebhookUrl: {
    env: 'DAYBOOK_ALERT_WEBHOOK_URL',
    expects: 'an address such as https://example.org/hook',
    check: isHttpUrl,
  },
  alertWebhookSecret: { env: 'DAYBOOK_ALERT_WEBHOOK_SECRET', expects: 'text', check: isText },
  risk: {
    env: 'DAYBOOK_RISK',
    expects: 'off (false), on, or an object of weights, sensitivePaths and limits',
    check: isRisk,
  },
  onNotice: { expects: 'a function of a line', check: isFunction<NonNullable<Options['onNotice']>> },
} as const satisfies Record<keyof Options, Setting<unknown>>

/** Of commands that ask a Daybook which runs. */
export const ASKING_SETTINGS = {
  url: { env: 'DAYBOOK_URL', expects: 'an address such as http://127.0.0.1:4318', check: isHttpUrl },
  key: { env: 'DAYBOOK_KEY', expects: 'the text of a key', check: isText },
} as const satisfies Record<string, Setting<unknown>>

export const SERVE_SETTINGS = {
  host: { env: 'HOST', expects: 'an address such as 127.0.0.1', check: isText },
  port: { env: 'PORT', expects: 'a port, 0 to 65535', check: isPort },
  trustProxy: {
    env: 'DAYBOOK_TRUST_PROXY',
    expects: 'a number of proxies, or addresses such as loopback, 10.0.0.0/8',
    check: isProxies,
  },
} as const satisfies Record<keyof ServeOptions, Setting<unknown>>
