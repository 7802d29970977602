/** What is watched, and what is known of it. */
import type { SEVERITIES } from './columns.ts'
import type { EVENT_FILTERS, FilterValues } from './query.ts'

/** Which events count; as the filters of `GET /events`. */
export type AlertFilter = FilterValues<(typeof EVENT_FILTERS)[number]> & { readonly min_risk?: number }

/** Figures of the event log itself: those of `/metrics`, by which it shows that it is not well. */
export const ALERT_FIGURES = ['shed', 'quarantined', 'lag_ms', 'waiting_bytes', 'free_bytes'] as const
export type AlertFigure = (typeof ALERT_FIGURES)[number]

export type Measure =
  | { readonly count: AlertFilter }
  /** Of `among`, the part that is also `share`; 0 to 1. */
  | { readonly share: AlertFilter; readonly among: AlertFilter }
  /** Milliseconds below which 95 % of their durations are. */
  | { readonly p95: AlertFilter }
  | { readonly figure: AlertFigure }

export interface AlertRule {
  readonly name: string
  /** For people: what is the matter when it fires. */
  readonly description: string
  readonly severity: (typeof SEVERITIES)[number]
  readonly measure: Measure
  /** It fires when the measure is above, or below; one of the two. A count below 1 is an absence. */
  readonly above?: number
  readonly below?: number
  /** How far back events count. */
  readonly windowMs: number
  /** Fewer events than this say nothing. */
  readonly minSamples: number
  /** While it lasts, it is told again after this long. */
  readonly cooldownMs: number
}

export interface Measured {
  readonly tenant_id: string
  readonly value: number
  /** Events that it was measured of. */
  readonly samples: number
}

/** What is known of a rule. */
export interface AlertState {
  readonly rule: string
  readonly tenant_id: string
  readonly firing: boolean
  readonly value: number
  /** Since when it is as it is. */
  readonly since: string
  readonly last_fired_at: string | null
  /** Why a channel did not take the last alert; null when all did. */
  readonly channel_failure: string | null
}

/** Whether a measure is beyond what its rule allows. */
export function isBeyond({ above, below, minSamples }: AlertRule, { value, samples }: Measured): boolean {
  if (samples < minSamples) return false
  return (above !== undefined && value > above) || (below !== undefined && value < below)
}
