import { defineEntity, type InferEntity, p } from '@mikro-orm/core'

/** What risk knows of one user or address. */
export const RiskProfile = defineEntity({
  name: 'RiskProfile',
  tableName: 'risk_profiles',
  properties: {
    tenant_id: p.text().primary(),
    subject: p.text().primary(),
    profile: p.json<object>().columnType('json'),
    version: p.integer().default(0),
    updated_at: p.datetime(6),
  },
})

export type RiskProfile = InferEntity<typeof RiskProfile>
