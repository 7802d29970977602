/** What a file of settings may hold: each option that is plain data. `npm run generate` adds what their doc comments say. */
import { REFERENCES } from '../event/references.ts'
import { CATEGORIES } from '../event/types.ts'
import { MIN_SECRET_CHARS } from './alerts.ts'
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
  DEFAULT_SLOW_DB_MS,
  DEFAULT_SLOW_MS,
  DEFAULT_SPOOL_MAX_BYTES,
  DEFAULT_STREAM_MAX_CLIENTS,
  DEFAULT_STREAM_MAX_CLIENTS_PER_KEY,
  MIN_ADMIN_KEY_CHARS,
  MIN_HASH_KEY_CHARS,
  MIN_RATE_LIMIT,
} from './defaults.ts'
import {
  ALERTS,
  EVENT_TYPE,
  FILTER,
  flag,
  HOST_TABLE,
  HTTP_URL,
  type JsonSchema,
  MILLIS,
  PATTERN,
  POSTGRES_URL,
  RISK,
  secret,
  TEXT,
  TEXTS,
  whole,
  words,
} from './file-shapes.ts'
import type { Options, ServeOptions } from './options.ts'
import { SETTINGS } from './settings.ts'

/** Functions, objects of the host, and the file itself. */
export const CODE_ONLY = ['orm', 'actor', 'authenticate', 'redactWith', 'forwardTo', 'onNotice', 'configFile'] as const

export type FileOption = Exclude<keyof Options | keyof ServeOptions, (typeof CODE_ONLY)[number]>

const PATH: JsonSchema = { ...TEXT, title: 'a path; from the folder of this file, where it is a relative one' }
const MANY = Number.MAX_SAFE_INTEGER
const DAYS = { ...whole(1, 36_500), title: 'whole days, 1 to 36500' }

const RULE = { type: 'string', pattern: '^(?:[A-Za-z\\-]+\\s+)?/', title: 'a path such as "/health" or "POST /login"' }
const RULES = { type: 'array', items: RULE, title: 'a list of paths such as "/health" or "POST /login"' }
const NO_RULES = { ...RULES, default: [] }
const NO_NAMES = { ...TEXTS, default: [] }

export const FILE_MEMBERS = {
  database: { ...POSTGRES_URL, writeOnly: true },
  readDatabase: { ...POSTGRES_URL, writeOnly: true },
  references: {
    type: ['string', 'object'],
    pattern: '^(own|none)$',
    properties: Object.fromEntries(
      REFERENCES.map(({ option }) => [option, { ...HOST_TABLE, description: `Your table of ${option}.` }]),
    ),
    additionalProperties: false,
    title: `own, none, or your tables by ${REFERENCES.map(({ option }) => option).join(', ')}`,
  },
  dir: { ...PATH, default: DEFAULT_DIR },
  adminKey: { ...secret(MIN_ADMIN_KEY_CHARS), title: SETTINGS.adminKey.expects },
  service: TEXT,
  release: TEXT,
  retentionEventsDays: { ...DAYS, default: DEFAULT_RETENTION_EVENTS_DAYS },
  retentionErrorsDays: { ...DAYS, default: DEFAULT_RETENTION_ERRORS_DAYS },
  durability: words(['relaxed', 'group', 'strict'], 'group'),
  spoolMaxBytes: { ...whole(1_048_576, MANY), title: 'whole bytes, 1048576 or more', default: DEFAULT_SPOOL_MAX_BYTES },
  compressAfterDays: { ...DAYS, default: DEFAULT_COMPRESS_AFTER_DAYS },
  deleteAfterDays: { ...DAYS, default: DEFAULT_DELETE_AFTER_DAYS },
  rateLimit: {
    ...whole(0, 1_000_000),
    anyOf: [{ const: 0 }, { minimum: MIN_RATE_LIMIT }],
    title: `0, or ${MIN_RATE_LIMIT} or more requests a second`,
    default: DEFAULT_RATE_LIMIT,
  },
  readsOnRecord: flag(true),
  tokenSecret: secret(MIN_ADMIN_KEY_CHARS),
  redactKeys: NO_NAMES,
  redactExcept: NO_NAMES,
  redactPaths: {
    type: 'array',
    items: {
      type: 'string',
      pattern: '^(?:payload|metadata|detail)(?:\\.[^.]+)+$',
      title: 'a place such as payload.user.iban, metadata.*.note or payload.**.iban',
    },
    default: [],
  },
  redactPatterns: {
    type: 'array',
    items: PATTERN,
    title: 'a list of regular expressions as text, or as { pattern, flags }',
    default: [],
  },
  redactEmails: flag(false),
  redactPhones: flag(false),
  ip: words(['truncate', 'keep', 'hash', 'drop'], 'truncate'),
  userIds: words(['keep', 'hash'], 'keep'),
  hashKey: secret(MIN_HASH_KEY_CHARS),
  content: words(['none', 'metadata', 'full'], 'full'),
  minSeverity: words(['debug', 'info', 'warning', 'error', 'critical'], 'debug'),
  slowDbMs: { ...MILLIS, default: DEFAULT_SLOW_DB_MS },
  captureUncaught: flag(false),
  systemEvents: { type: 'boolean' },
  systemMetricsSeconds: { ...whole(0, 86_400), title: 'whole seconds, 0 to 86400' },
  forwardUrl: { ...HTTP_URL, writeOnly: true },
  forwardHeaders: {
    type: 'object',
    propertyNames: { type: 'string', pattern: "^[\\w!#$%&'*+.^`|~\\-]+$", title: 'the name of a header' },
    additionalProperties: { type: 'string' },
    title: 'headers by name',
    writeOnly: true,
  },
  errorReports: flag(true),
  errorOrigins: {
    type: 'array',
    items: HTTP_URL,
    title: 'a list of origins such as https://shop.example',
    default: [],
  },
  eventTypes: {
    type: 'object',
    additionalProperties: EVENT_TYPE(Object.keys(CATEGORIES)),
    title: 'an object of types by name',
    default: {},
  },
  otlpKeyless: flag(true),
  otlpMaxBytes: {
    ...whole(1_024, 1_073_741_824),
    title: 'whole bytes, 1024 to 1073741824',
    default: DEFAULT_OTLP_MAX_BYTES,
  },
  streamMaxClients: { ...whole(1, 1_000_000), default: DEFAULT_STREAM_MAX_CLIENTS },
  streamMaxClientsPerKey: { ...whole(1, 1_000_000), default: DEFAULT_STREAM_MAX_CLIENTS_PER_KEY },
  geoDatabase: PATH,
  risk: RISK,
  alerts: ALERTS,
  alertWebhookUrl: { ...HTTP_URL, writeOnly: true },
  alertWebhookSecret: secret(MIN_SECRET_CHARS),
  include: RULES,
  exclude: NO_RULES,
  sampleRatio: { type: 'number', minimum: 0, maximum: 1, default: 1 },
  floodPerMinute: { ...whole(0, MANY), title: 'whole requests a minute', default: DEFAULT_FLOOD_PER_MINUTE },
  slowMs: { ...MILLIS, default: DEFAULT_SLOW_MS },
  slowRoutes: {
    type: 'object',
    propertyNames: RULE,
    additionalProperties: MILLIS,
    title: 'milliseconds by path or route',
    default: {},
  },
  sensitivePaths: RULES,
  threats: flag(true),
  arrivals: flag(false),
  loginRoutes: NO_RULES,
  logoutRoutes: NO_RULES,
  requestHeaders: NO_NAMES,
  responseHeaders: NO_NAMES,
  requestBodies: NO_RULES,
  responseBodies: NO_RULES,
  bodyMaxBytes: { ...whole(0, MANY), title: 'whole bytes', default: DEFAULT_BODY_MAX_BYTES },
  host: { ...TEXT, default: DEFAULT_HOST },
  port: { ...whole(0, 65_535), default: DEFAULT_PORT },
  trustProxy: {
    type: ['integer', 'string'],
    minimum: 0,
    maximum: 32,
    minLength: 1,
    title: 'a number of proxies, or addresses such as loopback, 10.0.0.0/8',
  },
} satisfies Record<FileOption, JsonSchema>

export const FILE_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    $schema: { type: 'string', description: 'Where this schema is, for editors.' },
    ...FILE_MEMBERS,
  },
  additionalProperties: false,
  $defs: { filter: FILTER },
}
