/** What a test asks of a store's database itself, and what it stores there first. */
import type { Event } from '../../src/event/event.ts'
import type { Batch } from '../../src/event/ports/drain.ts'
import { runSql } from '../../src/store/sql.ts'
import type { TestStore } from './store.ts'

export type Row = Readonly<Record<string, unknown>>

export const askerOf =
  ({ orm }: Pick<TestStore, 'orm'>) =>
  async (sql: string, parameters: readonly unknown[] = []): Promise<readonly Row[]> =>
    (await runSql<Row>(orm.em.fork(), sql, parameters)).rows

/** Stores batch after batch of one segment. */
export function storerOf({ writer }: Pick<TestStore, 'writer'>, segment = 'events_2026-11-21_1-a.jsonl') {
  let from = 0
  return async (events: readonly Event[], errors: Batch['errors'] = []): Promise<void> => {
    await writer.write({ segment, from, to: from + 1, events, errors })
    from++
  }
}
