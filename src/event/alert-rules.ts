/** What is watched unless the host says otherwise. */
import type { AlertFilter, AlertRule } from './alert.ts'

const MINUTE_MS = 60_000
/** The end of one is API_RESPONSE where its arrival is an event. */
const REQUESTS: AlertFilter = { event_type: ['API_REQUEST', 'API_RESPONSE', 'API_ERROR'] }

/** Limits that a host may set without writing the rule anew. */
export interface AlertLimits {
  readonly failedLogins: number
  readonly errorShare: number
  readonly slowMs: number
  readonly risk: number
  readonly lagMs: number
  readonly waitingBytes: number
  readonly freeBytes: number
}

export const ALERT_LIMITS: AlertLimits = Object.freeze({
  failedLogins: 10,
  errorShare: 0.05,
  slowMs: 2_000,
  risk: 80,
  lagMs: 5 * MINUTE_MS,
  waitingBytes: 1_073_741_824,
  freeBytes: 1_073_741_824,
})

const USUAL = { windowMs: 5 * MINUTE_MS, minSamples: 0, cooldownMs: 30 * MINUTE_MS } as const

export const toShippedRules = (limits: AlertLimits): readonly AlertRule[] => [
  {
    ...{ ...USUAL, name: 'failed_logins', severity: 'warning', above: limits.failedLogins },
    description: `More than ${limits.failedLogins} failed log-ins in 5 minutes`,
    measure: { count: { event_type: ['AUTH_FAILURE', 'AUTH_LOGIN'], status: ['failure'] } },
  },
  {
    ...{ ...USUAL, name: 'error_share', severity: 'error', above: limits.errorShare, minSamples: 50 },
    description: `More than ${limits.errorShare * 100} % of the requests of 5 minutes failed`,
    measure: { share: { event_type: ['API_ERROR'] }, among: REQUESTS },
  },
  {
    ...{ ...USUAL, name: 'slow_requests', severity: 'warning', above: limits.slowMs, minSamples: 50 },
    description: `One in twenty requests of 5 minutes took longer than ${limits.slowMs} ms`,
    measure: { p95: REQUESTS },
  },
  {
    ...{ ...USUAL, name: 'high_risk', severity: 'error', above: 0 },
    description: `Something was done with a risk above ${limits.risk}`,
    // Scores are whole numbers up to 100.
    measure: { count: { min_risk: Math.floor(Math.min(limits.risk, 100)) + 1 } },
  },
  {
    ...{ ...USUAL, name: 'events_shed', severity: 'critical', above: 0 },
    description: 'Events found no room on disk and are lost',
    measure: { figure: 'shed' },
  },
  {
    ...{ ...USUAL, name: 'drain_lag', severity: 'warning', above: limits.lagMs },
    description: `Events have waited for the database for more than ${Math.round(limits.lagMs / MINUTE_MS)} minutes`,
    measure: { figure: 'lag_ms' },
  },
  {
    ...{ ...USUAL, name: 'backlog', severity: 'warning', above: limits.waitingBytes },
    description: `More than ${toGigabytes(limits.waitingBytes)} wait on disk for the database`,
    measure: { figure: 'waiting_bytes' },
  },
  {
    ...{ ...USUAL, name: 'disk_space', severity: 'critical', below: limits.freeBytes },
    description: `Less than ${toGigabytes(limits.freeBytes)} are free where the daily files lie`,
    measure: { figure: 'free_bytes' },
  },
]

const toGigabytes = (bytes: number): string => `${Number((bytes / 1_073_741_824).toFixed(1))} GB`
