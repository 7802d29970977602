/** Where alerts are told: in the log of the process, as an event, to a webhook. */
import type { Draft } from '../event/event.ts'
import type { AlertChannel, AlertTelling } from '../event/ports/alerts.ts'
import { sendWebhook, type WebhookOptions } from './webhook.ts'

export const createLogChannel = (onNotice: (line: string) => void): AlertChannel => ({
  name: 'log',
  send: async (telling) => onNotice(`Daybook: ${toSentence(telling)}`),
})

/** Stored like any other, and sent on with them as a log record of OpenTelemetry where events are. */
export const createEventChannel = (add: (draft: Draft) => void): AlertChannel => ({
  name: 'event',
  send: async (telling) => add(toDraft(telling)),
})

export const createWebhookChannel = (options: WebhookOptions): AlertChannel => ({
  name: 'webhook',
  send: (telling) => sendWebhook(options, { id: telling.id, body: toBody(telling) }),
})

export function toDraft(telling: AlertTelling): Draft {
  const { rule, measured, what, id } = telling
  return {
    event_type: what === 'fired' ? 'ALERT_FIRED' : 'ALERT_RESOLVED',
    severity: what === 'fired' ? rule.severity : 'info',
    action_description: toSentence(telling),
    actor_type: 'system',
    entity_type: 'alert',
    entity_id: rule.name,
    tenant_id: measured.tenant_id,
    payload: { ...toFacts(telling), id },
  }
}

/** As Standard Webhooks has it: a type, when, and what. */
const toBody = (telling: AlertTelling): object => ({
  type: telling.what === 'fired' ? 'alert.fired' : 'alert.resolved',
  timestamp: new Date().toISOString(),
  data: { ...toFacts(telling), text: toSentence(telling), tenant_id: telling.measured.tenant_id },
})

function toFacts({ rule, measured }: AlertTelling) {
  const { name, description, severity, windowMs, above, below } = rule
  const limit = above === undefined ? { below } : { above }
  return {
    rule: name,
    description,
    severity,
    window_ms: windowMs,
    ...limit,
    value: measured.value,
    samples: measured.samples,
  }
}

const toSentence = ({ rule, measured, what }: AlertTelling): string =>
  what === 'fired' ? `${rule.description} (${Number(measured.value.toFixed(3))})` : `It is over: ${rule.description}`
