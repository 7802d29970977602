/** The option `alerts`: off, on, or what an app sets of it; each wrong part is a problem of its own. */
import { ALERT_FIGURES, type AlertFilter, type AlertRule, type Measure } from '../event/alert.ts'
import { ALERT_LIMITS, type AlertLimits, toShippedRules } from '../event/alert-rules.ts'
import { SEVERITIES, STATUSES } from '../event/columns.ts'
import { EVENT_FILTERS } from '../event/query.ts'
import { toStored } from '../event/stored.ts'
import { normaliseTraceId } from '../event/trace.ts'
import { isUserHash } from '../event/user-hash.ts'
import { type Check, isHttpUrl, isNames, isObject, isSwitch, isText } from './checks.ts'
import { advise, showName, toNearest } from './nearest.ts'
import type { AlertOptions } from './options.ts'

export interface AlertConfig {
  readonly rules: readonly AlertRule[]
  readonly webhook: { readonly url: string; readonly secret: string; readonly allowPrivate: boolean } | undefined
  readonly intervalMs: number
}

export const DEFAULT_INTERVAL_SECONDS = 15
export const MIN_SECRET_CHARS = 16
const KNOWN = ['rules', 'limits', 'webhook', 'intervalSeconds']
const FILTERS: readonly string[] = [...EVENT_FILTERS, 'min_risk']

export const isAlerts: Check<boolean | AlertOptions> = (value) => isSwitch(value) ?? isObject<AlertOptions>(value)

interface AlertSurroundings {
  /** Of the webhook, from the environment. */
  readonly url: string | undefined
  readonly secret: string | undefined
  readonly areUsersHashed: boolean
}

export function resolveAlerts(
  given: boolean | AlertOptions | undefined,
  { areUsersHashed, ...webhook }: AlertSurroundings,
  problems: string[],
): AlertConfig | undefined {
  if (given === false) return undefined
  const options = typeof given === 'object' ? given : {}
  for (const name of Object.keys(options)) {
    const near = toNearest(name, KNOWN)
    if (!KNOWN.includes(name)) problems.push(`alerts.${name}: no such option${near ? `; did you mean ${near}?` : '.'}`)
  }
  const { intervalSeconds = DEFAULT_INTERVAL_SECONDS } = options
  const { limits, rules } = toParts(options, problems)
  if (typeof intervalSeconds !== 'number' || !(intervalSeconds > 0))
    problems.push('alerts.intervalSeconds: expected a number above 0.')
  for (const [name, value] of Object.entries(limits))
    if (!(name in ALERT_LIMITS) || typeof value !== 'number' || !(value >= 0))
      problems.push(`alerts.limits.${name}: expected one of ${Object.keys(ALERT_LIMITS).join(', ')}, and a number.`)
  for (const [at, rule] of rules.entries()) {
    noteRule(rule, `alerts.rules, number ${at + 1}`, problems)
    if (areUsersHashed) noteUsers(rule, `alerts.rules, number ${at + 1}`, problems)
  }
  const shipped = toShippedRules({ ...ALERT_LIMITS, ...limits })
  const named = new Set(rules.map((rule) => Object(rule).name))
  // What is wrong is told, and never measured.
  const own = problems.length > 0 ? [] : rules.map((rule) => ({ ...rule, measure: toStoredMeasure(rule.measure) }))
  return Object.freeze({
    rules: Object.freeze([...shipped.filter(({ name }) => !named.has(name)), ...own]),
    webhook: toWebhook(options.webhook ?? webhook, problems),
    intervalMs: intervalSeconds * 1_000,
  })
}

function toParts(
  { limits = {}, rules = [] }: AlertOptions,
  problems: string[],
): { readonly limits: Partial<AlertLimits>; readonly rules: readonly AlertRule[] } {
  const [isLimits, isRules] = [isObject(limits) !== undefined, Array.isArray(rules)]
  if (!isLimits) problems.push('alerts.limits: expected an object.')
  if (!isRules) problems.push('alerts.rules: expected a list.')
  return { limits: isLimits ? limits : {}, rules: isRules ? rules : [] }
}

function toWebhook(
  given: { readonly url?: string | undefined; readonly secret?: string | undefined; readonly allowPrivate?: boolean },
  problems: string[],
): AlertConfig['webhook'] {
  const { url, secret, allowPrivate = false } = given
  if (url === undefined && secret === undefined) return undefined
  if (isHttpUrl(url) === undefined)
    problems.push('alerts.webhook.url (DAYBOOK_ALERT_WEBHOOK_URL): expected an address.')
  if (typeof secret !== 'string' || secret.length < MIN_SECRET_CHARS)
    problems.push(
      `alerts.webhook.secret (DAYBOOK_ALERT_WEBHOOK_SECRET): expected ${MIN_SECRET_CHARS} characters or more, which sign each message.`,
    )
  return { url: String(url), secret: String(secret), allowPrivate }
}

function noteRule(rule: AlertRule, where: string, problems: string[]): void {
  const { name, description, severity, measure, above, below, windowMs, minSamples, cooldownMs } = Object(rule)
  if (!isText(name) || !isText(description)) problems.push(`${where}: it needs a name and a description.`)
  if (!SEVERITIES.includes(severity))
    problems.push(`${where}: severity: expected debug, info, warning, error or critical.`)
  if ((above === undefined) === (below === undefined)) problems.push(`${where}: give it above or below, and not both.`)
  for (const [part, value] of Object.entries({ windowMs, minSamples, cooldownMs, limit: above ?? below }))
    if (typeof value !== 'number' || !(value >= 0)) problems.push(`${where}: ${part}: expected a number.`)
  if (!isMeasure(measure))
    problems.push(`${where}: measure: expected { count }, { share, among }, { p95 } with filters, or { figure }.`)
  else for (const [part, filter] of toFilters(measure)) noteFilter(filter, `${where}: measure.${part}`, problems)
}

/** A rule measures each tenant, and can't say whose hash it means. */
function noteUsers(rule: AlertRule, where: string, problems: string[]): void {
  const { measure } = Object(rule)
  for (const [part, { user_id }] of isMeasure(measure) ? toFilters(measure) : [])
    if (isNames(user_id)?.some((id) => !isUserHash(id)))
      problems.push(
        `${where}: measure.${part}.user_id: user ids are kept as hashes (userIds), another one in each tenant; give the hash that events show.`,
      )
}

const toFilters = (measure: Measure): [part: string, filter: AlertFilter][] =>
  Object.entries(measure).filter(([, filter]) => isObject(filter) !== undefined)

function isMeasure(measure: unknown): measure is Measure {
  const { count, share, among, p95, figure } = Object(measure)
  if (figure !== undefined) return ALERT_FIGURES.includes(figure)
  const filters = share === undefined ? [count ?? p95] : [share, among]
  return filters.every((filter) => isObject(filter) !== undefined)
}

function noteFilter(filter: AlertFilter, where: string, problems: string[]): void {
  for (const [name, value] of Object.entries(filter))
    if (!FILTERS.includes(name))
      problems.push(`${where}.${showName(name)}: no such option${advise(toNearest(name, FILTERS))}`)
    // An absence of it would be told for ever.
    else if (Array.isArray(value) && value.length === 0)
      problems.push(`${where}.${name}: it is empty, and matches nothing; leave it out or give a value.`)
    else if (!isOf(name, value)) problems.push(`${where}.${name}: expected ${EXPECTED[name] ?? 'a list of texts'}.`)
}

/** Columns that hold no other word. */
const WORDS: Readonly<Record<string, readonly string[]>> = { status: STATUSES, severity: SEVERITIES }

const EXPECTED: Readonly<Record<string, string>> = {
  min_risk: 'a whole number, 0 to 100',
  status_code: 'a list of whole numbers, 100 to 599',
  trace_id: 'a list of trace ids',
  ...Object.fromEntries(Object.entries(WORDS).map(([name, words]) => [name, `a list of ${words.join(', ')}`])),
}

/** A value of another kind fails in the database, or is found in no row. */
function isOf(name: string, value: unknown): boolean {
  if (name === 'min_risk') return isWhole(value, 0, 100)
  if (name === 'status_code') return Array.isArray(value) && value.every((code) => isWhole(code, 100, 599))
  const isRight = (text: string): boolean =>
    WORDS[name]?.includes(text) ?? (name !== 'trace_id' || normaliseTraceId(text) !== undefined)
  return isNames(value)?.every(isRight) ?? false
}

const isWhole = (value: unknown, min: number, max: number): boolean =>
  Number.isInteger(value) && Number(value) >= min && Number(value) <= max

/** A rule finds what a question with the same filters finds. */
const toStoredMeasure = (measure: Measure): Measure => ({
  ...measure,
  ...Object.fromEntries(toFilters(measure).map(([part, filter]) => [part, toStoredFilter(filter)])),
})

const toStoredFilter = ({ min_risk, ...filters }: AlertFilter): AlertFilter => ({
  ...(min_risk !== undefined && { min_risk }),
  ...Object.fromEntries(
    Object.entries(filters).map(([name, values]) => [name, values.map((value) => toStored(name, value))]),
  ),
})
