import { defineEntity, type InferEntity, p } from '@mikro-orm/core'

/** How far a segment is stored. */
export const SpoolCursor = defineEntity({
  name: 'SpoolCursor',
  tableName: 'spool_cursors',
  properties: {
    segment: p.text().primary(),
    next_byte: p.bigint('number'),
    updated_at: p.datetime(6),
  },
})

export type SpoolCursor = InferEntity<typeof SpoolCursor>
