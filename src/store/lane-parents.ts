/**
 * Parents of rows that go into a transaction of the host: made there as the drain makes them, so that a foreign key to
 * Daybook's own tables fails no change. A session that was deleted is not raised again: then the event is refused.
 */
import type { Connection, EntityManager, Transaction } from '@mikro-orm/core'
import type { Event } from '../event/event.ts'
import type { Em } from './orm.ts'
import type { Parents } from './parents.ts'

/** Call it in the transaction that the rows go into, before they do. */
export type EnsureParents = (em: EntityManager, events: readonly Event[], ctx: Transaction | undefined) => Promise<void>

export function createLaneParents(): EnsureParents {
  const known = new WeakMap<Connection, Parents>()

  /** Foreign keys come with the first start of the drain, and stay: once all are there, they are not asked for again. */
  const toParents = async (connection: Connection, em: Em): Promise<Parents> => {
    const complete = known.get(connection)
    if (complete) return complete
    // Loaded by who records: an app that only captures has no ORM.
    const { createParents } = await import('./parents.ts')
    const parents = createParents()
    if (await parents.look(em)) known.set(connection, parents)
    return parents
  }

  return async (host, events, ctx) => {
    const connection = host.getConnection()
    const em = { getConnection: () => connection, getTransactionContext: () => ctx } as unknown as Em
    // What it gives is not called: others delete parents, and nobody could try again.
    await (await toParents(connection, em)).ensure(em, events)
  }
}
