import { defineEntity, type InferEntity, p } from '@mikro-orm/core'
import type { NewKey } from '../../event/ports/access.ts'

/** A key of the API: its id is in the key's text, the rest of which is kept only as a hash. */
export const ApiKey = defineEntity({
  name: 'ApiKey',
  tableName: 'api_keys',
  properties: {
    id: p.text().primary(),
    hash: p.text(),
    role: p.text().$type<NewKey['role']>(),
    tenant_id: p.text(),
    user_id: p.text().nullable(),
    label: p.text().nullable(),
    created_at: p.datetime(6),
    revoked_at: p.datetime(6).nullable(),
    expires_at: p.datetime(6).nullable(),
    rotated_at: p.datetime(6).nullable(),
    /** What was its hash before it was rotated, taken until then. */
    previous_hash: p.text().nullable(),
    previous_until: p.datetime(6).nullable(),
    last_used_at: p.datetime(6).nullable(),
  },
})

export type ApiKey = InferEntity<typeof ApiKey>
