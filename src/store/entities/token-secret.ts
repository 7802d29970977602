import { defineEntity, p } from '@mikro-orm/core'

/** What signs a tenant's viewer tokens; they end when it changes. */
export const TokenSecret = defineEntity({
  name: 'TokenSecret',
  tableName: 'token_secrets',
  properties: {
    tenant_id: p.text().primary(),
    secret: p.text(),
    created_at: p.datetime(6),
  },
})
