import type { AlertRule, AlertState, Measure } from '../event/alert.ts'
import type { ApiParts } from '../event/ports/api.ts'
import type { Answer, Call, Handlers } from './call.ts'
import type { Alert, Alerts } from './contract.generated.ts'

type Parts = Pick<ApiParts, 'alerts' | 'alertRules' | 'alertChannels'>

export function createAlertHandlers({ alerts, alertRules, alertChannels }: Parts): Handlers {
  const listAlerts = async ({ viewer }: Call): Promise<Answer<Alerts>> => {
    const states = new Map((await alerts.states(viewer)).map((state) => [state.rule, state]))
    const told = alertRules.map((rule) => ({
      ...{ ...toRule(rule), channels: [...alertChannels] },
      ...toState(states.get(rule.name)),
    }))
    return { status: 200, body: { alerts: told } }
  }
  return { listAlerts }
}

const toState = (state: AlertState | undefined) => ({
  firing: state?.firing ?? false,
  value: state?.value ?? null,
  since: state?.since ?? null,
  last_fired_at: state?.last_fired_at ?? null,
  channel_failure: state?.channel_failure ?? null,
})

const toRule = ({ name, description, severity, above, below, ...rule }: AlertRule) => ({
  ...{ name, description, severity, above: above ?? null, below: below ?? null },
  ...toMeasure(rule.measure),
  ...{ window_ms: rule.windowMs, min_samples: rule.minSamples, cooldown_ms: rule.cooldownMs },
})

/** The rule's filters are those of the contract, of whose values it knows more. */
type Filters = NonNullable<Alert['events']>

function toMeasure(measure: Measure): Pick<Alert, 'measure' | 'events'> {
  if ('figure' in measure) return { measure: measure.figure }
  if ('count' in measure) return { measure: 'count', events: measure.count as Filters }
  if ('p95' in measure) return { measure: 'p95', events: measure.p95 as Filters }
  return { measure: 'share', events: { ...measure.among, ...measure.share } as Filters }
}
