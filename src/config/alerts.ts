/** The option `alerts`: off, on, or what an app sets of it; each wrong part is a problem of its own. */
import { ALERT_FIGURES, type AlertRule } from '../event/alert.ts'
import { ALERT_LIMITS, type AlertLimits, toShippedRules } from '../event/alert-rules.ts'
import { EVENT_FILTERS } from '../event/query.ts'
import { type Check, isHttpUrl, isObject, isSwitch, isText } from './checks.ts'
import { toNearest } from './nearest.ts'
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

/** `webhook`: of the environment. */
export function resolveAlerts(
  given: boolean | AlertOptions | undefined,
  webhook: { readonly url: string | undefined; readonly secret: string | undefined },
  problems: string[],
): AlertConfig | undefined {
  if (given === false) return undefined
  const options = typeof given === 'object' ? given : {}
  for (const name of Object.keys(options)) {
    const near = toNearest(name, KNOWN)
    if (!KNOWN.includes(name)) problems.push(`alerts.${name}: no such option${near ? `; did you mean ${near}?` : '.'}`)
  }
  const { limits = {}, rules = [], intervalSeconds = DEFAULT_INTERVAL_SECONDS } = options
  if (typeof intervalSeconds !== 'number' || !(intervalSeconds > 0))
    problems.push('alerts.intervalSeconds: expected a number above 0.')
  for (const [name, value] of Object.entries(limits))
    if (!(name in ALERT_LIMITS) || typeof value !== 'number' || !(value >= 0))
      problems.push(`alerts.limits.${name}: expected one of ${Object.keys(ALERT_LIMITS).join(', ')}, and a number.`)
  for (const [at, rule] of rules.entries()) noteRule(rule, `alerts.rules, number ${at + 1}`, problems)
  const shipped = toShippedRules({ ...ALERT_LIMITS, ...(limits as Partial<AlertLimits>) })
  const named = new Set(rules.map(({ name }) => name))
  return Object.freeze({
    rules: Object.freeze([...shipped.filter(({ name }) => !named.has(name)), ...rules]),
    webhook: toWebhook(options.webhook ?? webhook, problems),
    intervalMs: intervalSeconds * 1_000,
  })
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
  const { name, description, measure, above, below, windowMs, minSamples, cooldownMs } = Object(rule)
  if (!isText(name) || !isText(description)) problems.push(`${where}: it needs a name and a description.`)
  if ((above === undefined) === (below === undefined)) problems.push(`${where}: give it above or below, and not both.`)
  for (const [part, value] of Object.entries({ windowMs, minSamples, cooldownMs, limit: above ?? below }))
    if (typeof value !== 'number' || !(value >= 0)) problems.push(`${where}: ${part}: expected a number.`)
  if (!isMeasure(measure))
    problems.push(`${where}: measure: expected { count }, { share, among }, { p95 } with filters, or { figure }.`)
}

const isFilter = (filter: unknown): boolean =>
  isObject(filter) !== undefined &&
  Object.entries(filter as object).every(
    ([name, value]) =>
      FILTERS.includes(name) && (name === 'min_risk' ? typeof value === 'number' : Array.isArray(value)),
  )

function isMeasure(measure: unknown): boolean {
  const { count, share, among, p95, figure } = Object(measure)
  if (figure !== undefined) return ALERT_FIGURES.includes(figure)
  if (share !== undefined) return isFilter(share) && isFilter(among)
  return isFilter(count ?? p95)
}
