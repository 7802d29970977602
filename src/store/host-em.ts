/**
 * The host's EntityManager. It is known by its shape: the ORM is loaded by who has one, and an app that only captures has
 * none; the host's entities and ours meet in the metadata of its own ORM.
 */
import type { EntityManager, EntityMetadata } from '@mikro-orm/core'

/** As far as others see of it. */
export interface HostEm {
  persist(entity: object): unknown
  flush(): Promise<void>
  getTransactionContext(): unknown
}

/** The one that works at this place: within `transactional` and a RequestContext it is another than the one at hand. */
export const toContext = (em: HostEm): EntityManager => (em as unknown as EntityManager).getContext(false)

/** What the host's ORM knows of our events; undefined when `daybook/entities` is not among its entities. */
export function findEventMeta(em: EntityManager): EntityMetadata | undefined {
  for (const meta of em.getMetadata()) if (meta.className === 'EventLog' && meta.tableName === 'event_logs') return meta
  return undefined
}
