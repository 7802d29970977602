import { defineEntity, type InferEntity, p } from '@mikro-orm/core'
import type { GivenState } from '../../event/groups.ts'
import { Timestamp } from './timestamp.ts'

/** What people made of the errors of one cause. A group without a row is open. */
export const ErrorGroup = defineEntity({
  name: 'ErrorGroup',
  tableName: 'error_groups',
  properties: {
    tenant_id: p.text().primary(),
    fingerprint: p.text().primary(),
    state: p.text().$type<GivenState>(),
    since: p.type(Timestamp),
    muted_until: p.type(Timestamp).nullable(),
    muted_until_errors: p.integer().nullable(),
    changed_by: p.text().nullable(),
  },
})

export type ErrorGroup = InferEntity<typeof ErrorGroup>
