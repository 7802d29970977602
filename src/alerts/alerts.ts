/**
 * Looks at every rule now and then. Which of several processes tells of an alert is decided by the store, where one of them
 * claims it; so that a fleet tells once.
 */
import { type AlertFigure, type AlertRule, isBeyond, type Measured } from '../event/alert.ts'
import { toReason } from '../event/fault.ts'
import type { AlertChannel, AlertStore, AlertTelling } from '../event/ports/alerts.ts'

export interface Figure {
  readonly value: number
  /** Called once a rule was judged by it. A look that fails is no judgement: what grew is there at the next. */
  readonly judged?: () => void
}

export interface AlertParts {
  readonly store: AlertStore
  readonly rules: readonly AlertRule[]
  readonly channels: readonly AlertChannel[]
  /** Of this process, which `tenant` stands for. */
  readonly figure: (name: AlertFigure, rule: string) => Figure
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

  const judge = async (rule: AlertRule, measured: Measured, judged?: Figure['judged']): Promise<void> => {
    const claimed = await store.claim(rule, measured, isBeyond(rule, measured))
    judged?.()
    if (claimed) await tell({ rule, measured, ...claimed })
  }

  const lookAt = async (rule: AlertRule): Promise<void> => {
    if ('figure' in rule.measure) {
      const { value, judged } = figure(rule.measure.figure, rule.name)
      return judge(rule, { tenant_id: tenant, value, samples: 1 }, judged)
    }
    for (const measured of await store.measure(rule)) await judge(rule, measured)
  }

  return {
    async look() {
      for (const rule of rules) await lookAt(rule).catch(() => undefined)
    },
  }
}
