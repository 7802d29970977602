/** JSON Schema, as far as the file of settings needs it, and the shapes that its members share. */
import { ALERT_FIGURES } from '../event/alert.ts'
import { ALERT_LIMITS } from '../event/alert-rules.ts'
import { SEVERITIES, STATUSES } from '../event/columns.ts'
import { EVENT_FILTERS } from '../event/query.ts'
import { RISK_LIMITS, RISK_WEIGHTS, SENSITIVE_PATHS } from '../event/risk.ts'
import { DEFAULT_INTERVAL_SECONDS, MIN_SECRET_CHARS } from './alerts.ts'

export interface JsonSchema {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, JsonSchema>>
  readonly type?: string | readonly string[]
  /** What is expected, in a few words; made of the rest when left out. */
  readonly title?: string
  /** Left out where the doc comment of the option has it. */
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly pattern?: string
  readonly minItems?: number
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: false | JsonSchema
  readonly propertyNames?: JsonSchema
  readonly dependentRequired?: Readonly<Record<string, readonly string[]>>
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  /** A secret, which is never shown. */
  readonly writeOnly?: true
}

export const TEXT = { type: 'string', minLength: 1 } as const
export const TEXTS = { type: 'array', items: TEXT, title: 'a list of names' } as const
export const MILLIS = { type: 'number', minimum: 0, title: 'milliseconds' } as const
export const HTTP_URL = {
  type: 'string',
  pattern: '^https?://.',
  title: 'an address such as https://example.org',
} as const
export const POSTGRES_URL = {
  type: 'string',
  pattern: '^postgres(ql)?://.',
  title: 'a URL such as postgres://user:password@localhost:5432/app',
} as const

export const whole = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum }) as const
export const flag = (preset: boolean) => ({ type: 'boolean', default: preset }) as const
export const words = (known: readonly string[], preset?: string): JsonSchema => ({
  type: 'string',
  enum: known,
  ...(preset !== undefined && { default: preset }),
})
export const secret = (minLength: number): JsonSchema => ({ type: 'string', minLength, writeOnly: true })

/** An object with these members and no other. */
const only = (properties: Readonly<Record<string, JsonSchema>>, ...required: readonly string[]): JsonSchema => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
})

/** Members that are alike, each with its default. */
const each = (
  defaults: Readonly<Record<string, number>>,
  toShape: (name: string) => JsonSchema,
): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries(Object.entries(defaults).map(([name, preset]) => [name, { ...toShape(name), default: preset }]))

export const RISK: JsonSchema = {
  ...only({
    weights: only(each(RISK_WEIGHTS, () => ({ type: 'number', minimum: 0, maximum: 100 }))),
    sensitivePaths: { ...TEXTS, default: SENSITIVE_PATHS },
    ...each(RISK_LIMITS, () => ({ type: 'number', exclusiveMinimum: 0 })),
  }),
  type: ['boolean', 'object'],
  default: true,
}

const LIMITS: Readonly<Record<keyof typeof ALERT_LIMITS, string>> = {
  failedLogins: 'Failed log-ins within 5 minutes.',
  errorShare: 'Share of the requests of 5 minutes that failed, 0 to 1.',
  slowMs: 'Milliseconds that one in twenty requests of 5 minutes took or exceeded.',
  risk: 'Risk score of an event, 0 to 100.',
  lagMs: 'Milliseconds that the oldest event has waited for the database.',
  waitingBytes: 'Bytes that wait on disk for the database.',
  freeBytes: 'Bytes that are free where the daily files lie; it fires below.',
}

const VALUES: Readonly<Record<string, JsonSchema>> = {
  status_code: whole(100, 599),
  status: words(STATUSES),
  severity: words(SEVERITIES),
}

export const FILTER: JsonSchema = only({
  ...Object.fromEntries(
    EVENT_FILTERS.map((name) => [
      name,
      {
        type: 'array',
        minItems: 1,
        items: VALUES[name] ?? TEXT,
        title: 'a list of values, not empty',
        description: `Events whose \`${name}\` is one of these.`,
      },
    ]),
  ),
  min_risk: { ...whole(0, 100), description: 'Events with this risk score or a higher one.' },
})

const A_FILTER: JsonSchema = { $ref: '#/$defs/filter' }

const MEASURE: JsonSchema = {
  ...only({
    count: { ...A_FILTER, description: 'How many events match.' },
    share: { ...A_FILTER, description: 'Of the events of `among`, the part that also matches this, 0 to 1.' },
    among: { ...A_FILTER, description: 'The events of which `share` is a part.' },
    p95: { ...A_FILTER, description: 'Milliseconds below which 95 % of the durations of the events that match are.' },
    figure: { ...words(ALERT_FIGURES), description: 'A figure of the event log itself.' },
  }),
  dependentRequired: { share: ['among'], among: ['share'] },
  oneOf: ['count', 'share', 'p95', 'figure'].map((name) => ({ required: [name] })),
  title: '{ count }, { share, among } or { p95 } with filters, or { figure }',
  description: 'What is measured.',
}

const RULE: JsonSchema = {
  ...only(
    {
      name: { ...TEXT, description: 'Its name; that of a built-in rule takes the place of that rule.' },
      description: TEXT,
      severity: { ...words(SEVERITIES), description: 'How bad it is when it fires.' },
      measure: MEASURE,
      above: { type: 'number', minimum: 0, description: 'It fires when the measure is above.' },
      below: {
        type: 'number',
        minimum: 0,
        description: 'It fires when the measure is below; a count below 1 is an absence.',
      },
      windowMs: { ...MILLIS, description: 'Milliseconds back to which events count.' },
      minSamples: { type: 'number', minimum: 0, title: 'a number' },
      cooldownMs: { ...MILLIS, description: 'Milliseconds after which it is told again while it lasts.' },
    },
    ...['name', 'description', 'severity', 'measure', 'windowMs', 'minSamples', 'cooldownMs'],
  ),
  oneOf: [{ required: ['above'] }, { required: ['below'] }],
  title: 'a rule with above or below, and not both',
}

export const ALERTS: JsonSchema = {
  ...only({
    rules: { type: 'array', items: RULE, default: [] },
    limits: only(
      each({ ...ALERT_LIMITS }, (name) => ({
        type: 'number',
        minimum: 0,
        description: LIMITS[name as keyof typeof LIMITS],
      })),
    ),
    webhook: {
      ...only(
        {
          url: { ...HTTP_URL, writeOnly: true, description: 'Where alerts are sent to.' },
          secret: secret(MIN_SECRET_CHARS),
          allowPrivate: flag(false),
        },
        'url',
        'secret',
      ),
      description: 'Who is told by HTTP; nobody when left out.',
    },
    intervalSeconds: { type: 'number', exclusiveMinimum: 0, default: DEFAULT_INTERVAL_SECONDS },
  }),
  type: ['boolean', 'object'],
  default: true,
}

/** A table of the host, by its name or with its key. */
export const HOST_TABLE: JsonSchema = {
  ...only(
    {
      table: { ...TEXT, description: 'Its name as SQL has it, `auth.users`.' },
      key: { ...TEXT, default: 'id', description: 'The column that holds its key.' },
    },
    'table',
  ),
  type: ['string', 'object'],
  minLength: 1,
  title: 'the name of a table, or { table, key }',
}

export const EVENT_TYPE = (categories: readonly string[]): JsonSchema =>
  only(
    {
      description: TEXT,
      category: { ...words(categories), description: 'The category of its events.' },
      payload: { type: 'object', title: 'a JSON Schema' },
    },
    'description',
    'category',
  )

export const PATTERN: JsonSchema = {
  ...only(
    {
      pattern: { ...TEXT, description: 'The regular expression, in the syntax of JavaScript.' },
      flags: {
        type: 'string',
        pattern: '^[imsuv]*$',
        title: 'some of the letters i, m, s, u and v',
        description: 'Its flags; `i` takes capitals and small letters alike.',
      },
    },
    'pattern',
  ),
  type: ['string', 'object'],
  minLength: 1,
  title: 'a regular expression as text, or { pattern, flags }',
}
