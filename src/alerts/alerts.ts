/**
 * Looks at every rule now and then. Which of several processes tells of an alert is decided by the store, where one of them
 * claims it; so that a fleet tells once.
 */
import { type AlertFigure, type AlertRule, isBeyond, type Measured } from '../event/alert.ts'
import { toReason } from '../event/fault.ts'
import type { AlertChannel, AlertStore, AlertTelling } from '../event/ports/alerts.ts'

export interface AlertParts {
  readonly store: AlertStore
  readonly rules: readonly AlertRule[]
  readonly channels: readonly AlertChannel[]
  /** Of this process, which `tenant` stands for. */
  readonly figure: (name: AlertFigure) => number
  readonly tenant: string
}

export interface Alerts {
  /** Looks at every rule once. Never rejects: a rule that can't be measured now is looked at the next time. */
  look(): Promise<void>
}

export function createAlerts({ store, rules, channels, figure, tenant }: AlertParts): Alerts {
  const tell = async (telling: AlertTelling): Promise<void> => {
    const failures: string[] = []
    for (const { name, send } of channels)
      await send(telling).catch((error: unknown) => failures.push(`${name}: ${toReason(error)}`))
    await store.noteChannels(telling, failures.length > 0 ? failures.join('; ') : null)
  }

  const judge = async (rule: AlertRule, measured: Measured): Promise<void> => {
    const claimed = await store.claim(rule, measured, isBeyond(rule, measured))
    if (claimed) await tell({ rule, measured, ...claimed })
  }

  const measure = async (rule: AlertRule): Promise<readonly Measured[]> =>
    'figure' in rule.measure
      ? [{ tenant_id: tenant, value: figure(rule.measure.figure), samples: 1 }]
      : await store.measure(rule)

  const lookAt = async (rule: AlertRule): Promise<void> => {
    for (const measured of await measure(rule)) await judge(rule, measured)
  }

  return {
    async look() {
      for (const rule of rules) await lookAt(rule).catch(() => undefined)
    },
  }
}
