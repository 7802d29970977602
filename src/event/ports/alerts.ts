/** How alerts are measured, claimed and told. */
import type { AlertRule, AlertState, Measured } from '../alert.ts'
import type { Viewer } from '../viewer.ts'

export interface AlertTelling {
  readonly rule: AlertRule
  readonly measured: Measured
  /** The same for whoever is told of this one. */
  readonly id: string
  readonly what: 'fired' | 'resolved'
}

/** Where alerts are told. */
export interface AlertChannel {
  readonly name: string
  /** Rejects when it was not taken. */
  readonly send: (telling: AlertTelling) => Promise<void>
}

export interface AlertStore {
  /** What the rule measures now, of each tenant that has any. */
  measure(rule: AlertRule): Promise<readonly Measured[]>
  /** Of all processes that see the same, one is given the telling: when it begins, after each cooldown, when it is over. */
  claim(rule: AlertRule, measured: Measured, isBeyond: boolean): Promise<Pick<AlertTelling, 'id' | 'what'> | undefined>
  noteChannels(telling: AlertTelling, failure: string | null): Promise<void>
}

export interface AlertReader {
  states(viewer: Viewer): Promise<readonly AlertState[]>
}
