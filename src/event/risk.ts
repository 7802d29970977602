/** The vocabulary of risk: its factors and what each weighs. docs/risk.md says when each counts. */

/** Points for each factor, before an app sets its own. Read from the event alone, or with what came before it. */
export const OF_THE_EVENT = {
  failed_login: 10,
  denied_access: 15,
  sensitive_endpoint: 10,
  destructive_method: 10,
  bulk_export: 20,
  threat_pattern: 75,
} as const

export const OF_HISTORY = {
  failed_logins: 65,
  probing: 65,
  new_country: 20,
  new_device: 20,
  impossible_travel: 40,
  unusual_hour: 15,
  rate: 15,
  bulk_read: 75,
  repeated_risk: 60,
} as const

export const RISK_WEIGHTS = Object.freeze({ ...OF_THE_EVENT, ...OF_HISTORY })

export type RiskFactor = keyof typeof RISK_WEIGHTS
export type RiskWeights = Readonly<Record<RiskFactor, number>>

/** Parts of a path that make an endpoint a sensitive one. */
export const SENSITIVE_PATHS: readonly string[] = Object.freeze(
  'admin,internal,config,settings,permissions,roles,keys,secrets,tokens,credentials,billing,payments,payroll,audit,.env,.git'.split(
    ',',
  ),
)

export const RISK_LIMITS = Object.freeze({
  /** Minutes for which failed log-ins and refused requests count. */
  windowMinutes: 15,
  /** Failed log-ins of one user in the window; of one address it takes twice as many, as offices share one. */
  failedLogins: 5,
  /** Refused requests of one user or address in the window. */
  probes: 20,
  /** Events of one user, or refused requests of one address, in a minute. */
  ratePerMinute: 120,
  /** Hours for which a country or device is new. */
  newForHours: 24,
  /** Kilometres an hour; faster than this nobody travels. */
  maxKmPerHour: 1_000,
  /** Reads of one user within 24 hours below which nothing is bulk, and how many times their usual day it takes. */
  bulkReads: 300,
  bulkTimes: 5,
})

export type RiskLimits = { readonly [Name in keyof typeof RISK_LIMITS]: number }

/** Plain, as it is cloned for the drain's thread. */
export interface RiskConfig extends RiskLimits {
  readonly weights: RiskWeights
  readonly sensitivePaths: readonly string[]
}

export const RISK_DEFAULTS: RiskConfig = Object.freeze({
  weights: RISK_WEIGHTS,
  sensitivePaths: SENSITIVE_PATHS,
  ...RISK_LIMITS,
})

export const MAX_RISK = 100

/** What is looked at of an event or a row that is on its way to be one. */
interface Login {
  readonly event_type?: unknown
  readonly status?: unknown
  readonly status_code?: unknown
}

const LOGINS: ReadonlySet<unknown> = new Set(['AUTH_LOGIN', 'AUTH_API_KEY'])
const FORBIDDEN = 403

export const isLogin = ({ event_type }: Login): boolean => LOGINS.has(event_type)

/** A log-in or a key that was refused: by its type, or as a 401 of any request. */
export const isFailedLogin = (event: Login): boolean =>
  event.status === 'failure' &&
  (isLogin(event) || (event.event_type === 'AUTH_FAILURE' && event.status_code !== FORBIDDEN))

/** A threat that was found in a request is a factor by its name, `threat:traversal`. */
export const isThreat = (factor: unknown): boolean => typeof factor === 'string' && factor.startsWith('threat:')
