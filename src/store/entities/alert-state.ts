import { defineEntity, type InferEntity, p } from '@mikro-orm/core'

/** What is known of a rule of the alerts, in one tenant. */
export const AlertStateRow = defineEntity({
  name: 'AlertState',
  tableName: 'alert_states',
  properties: {
    rule: p.text().primary(),
    tenant_id: p.text().primary(),
    firing: p.boolean(),
    value: p.double(),
    since: p.datetime(6),
    last_fired_at: p.datetime(6).nullable(),
    channel_failure: p.text().nullable(),
  },
})

export type AlertStateRow = InferEntity<typeof AlertStateRow>
