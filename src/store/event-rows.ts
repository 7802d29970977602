/** Events as rows of a transaction of the host, written beside its unit of work. */
import type { EntityManager, Transaction } from '@mikro-orm/core'
import type { Event } from '../event/event.ts'
import { Fault } from '../event/fault.ts'
import { findEventMeta } from './host-em.ts'
import type { EnsureParents } from './lane-parents.ts'

const ROWS_AT_ONCE = 200

export type InsertEvents = (em: EntityManager, events: readonly Event[], ctx?: Transaction) => Promise<void>

/** Without a transaction each statement is one of its own. */
export const toInsertEvents =
  (ensureParents: EnsureParents | undefined): InsertEvents =>
  async (em, events, ctx) => {
    await ensureParents?.(em, events, ctx)
    await insertEvents(em, events, ctx)
  }

async function insertEvents(em: EntityManager, events: readonly Event[], ctx?: Transaction): Promise<void> {
  const meta = findEventMeta(em)
  if (!meta) throw unknownEntity()
  const options = { convertCustomTypes: true, ...(ctx && { ctx }) }
  for (let at = 0; at < events.length; at += ROWS_AT_ONCE) {
    const rows = events.slice(at, at + ROWS_AT_ONCE).map((event) => ({ ...event }))
    await em.getDriver().nativeInsertMany(meta.class, rows, options)
  }
}

/** False when the work failed; the transaction is as it was before then. */
export async function trySavepoint(
  em: EntityManager,
  ctx: Transaction,
  work: () => Promise<unknown>,
): Promise<boolean> {
  const run = (sql: string): Promise<unknown> => em.getConnection().execute(sql, [], 'run', ctx)
  await run('savepoint daybook_aside')
  try {
    await work()
    await run('release savepoint daybook_aside')
    return true
  } catch {
    await run('rollback to savepoint daybook_aside')
    return false
  }
}

export const unknownEntity = (): Fault =>
  new Fault(
    'invalid_request',
    "This MikroORM does not know Daybook's entities. Add them: `import { DAYBOOK_ENTITIES } from 'daybook/entities'` and `entities: [...DAYBOOK_ENTITIES, …]`.",
  )
