/**
 * Data changes: what a unit of work does to the chosen entities of a host, as events of the same transaction. What happened
 * is taken from the ORM's own hooks after each statement, when generated keys are known, and written before COMMIT.
 */
import type {
  Collection,
  EntityManager,
  EventArgs,
  FlushEventArgs,
  Transaction,
  TransactionEventArgs,
} from '@mikro-orm/core'
import type { Draft, Event } from '../event/event.ts'
import type { SpoolSealed } from '../event/ports/sink.ts'
import { type Change, merge, toDraft } from './change-drafts.ts'
import { type ChangeOptions, toChosen, toTables } from './chosen.ts'
import { toInsertEvents, trySavepoint } from './event-rows.ts'
import type { Lane } from './lane.ts'
import type { EnsureParents } from './lane-parents.ts'
import { type Rider, watch } from './transactions.ts'

export interface ChangeParts {
  readonly seal: (draft: Draft) => Event
  readonly observe: SpoolSealed
  readonly follow: Lane['follow']
  readonly ensureParents?: EnsureParents | undefined
}

/** For the `subscribers` of the host's MikroORM. By its shape, as the host's copy of the ORM need not be ours. */
export interface ChangeSubscriber {
  getSubscribedEntities(): never[]
  onFlush(args: never): Promise<void>
  afterTransactionStart(args: never): Promise<void>
  afterCreate(args: never): void
  afterUpdate(args: never): void
  afterDelete(args: never): void
  afterFlush(args: never): Promise<void>
}

type Hooked = EventArgs<object>
type Intended = NonNullable<Hooked['changeSet']>

const KINDS = {
  create: 'created',
  update: 'updated',
  update_early: 'updated',
  delete: 'deleted',
  delete_early: 'deleted',
} as const

/** What one flush has done so far. */
interface Flush {
  readonly changes: Map<object, Change>
  isSeated: boolean
}

export function createChangeSubscriber(parts: ChangeParts, options: ChangeOptions): ChangeSubscriber {
  const find = toChosen(options.entities)
  const flushes = new WeakMap<EntityManager, Flush>()
  const write = createWriter(parts, options.onFailure === 'set_aside')

  const flushOf = (em: EntityManager): Flush => {
    const known = flushes.get(em)
    if (known) return known
    const made = { changes: new Map(), isSeated: false }
    flushes.set(em, made)
    return made
  }
  const take = (em: EntityManager, isFailed = false): readonly Draft[] => {
    const changes = [...(flushes.get(em)?.changes.values() ?? [])]
    flushes.delete(em)
    return changes.filter(({ isDone }) => isDone || isFailed).flatMap((change) => toDraft(change) ?? [])
  }

  const seat = (em: EntityManager, flush: Flush, transaction: Transaction): void => {
    if (flush.isSeated) return
    flush.isSeated = true
    const rider: Rider = {
      beforeCommit: (ctx) => write(em, take(em), ctx),
      onEnd({ outcome }) {
        if (outcome !== 'rolled_back' || flushes.get(em) !== flush) return
        // The flush itself failed, before there were events that could have twins.
        for (const draft of take(em, true))
          parts.observe(parts.seal({ ...draft, status: 'failure', outcome: 'rolled_back' }))
      },
    }
    watch(em.getConnection()).join(transaction, rider)
  }

  const note = (em: EntityManager, entity: object, change: Change): void => {
    const flush = flushOf(em)
    flush.changes.set(entity, merge(flush.changes.get(entity), change))
    const transaction = em.getTransactionContext()
    if (transaction) seat(em, flush, transaction)
  }
  const originals = new WeakMap<object, object>()
  const hook =
    (kind: Change['kind'], isDone = true) =>
    ({ em, entity, meta, changeSet }: Pick<Hooked, 'em' | 'entity' | 'meta' | 'changeSet'>): void => {
      const chosen = find(meta)
      if (!chosen || !changeSet) return
      const original = changeSet.originalEntity ?? originals.get(entity)
      const before = kind === 'created' ? {} : { ...original }
      const after = kind === 'deleted' ? {} : { ...changeSet.payload }
      note(em, entity, { kind, isDone, chosen, meta, entity, before, after, collections: [] })
    }
  /** So that a flush that fails can say what it was about to do. */
  const noteIntended = (em: EntityManager, changeSet: Intended): void => {
    const { entity, meta, type } = changeSet
    const original = em.getUnitOfWork().getOriginalEntityData(entity)
    if (original) originals.set(entity, original)
    hook(KINDS[type], false)({ em, entity, meta, changeSet })
  }

  const noteCollection = (em: EntityManager, collection: Collection<object>): void => {
    const entity = collection.owner
    const chosen = find(metaOf(entity))
    if (!chosen) return
    const [before, after] = [collection.getSnapshot() ?? [], collection.getItems(false)]
    const moved = {
      name: collection.property.name,
      added: after.filter((item) => !before.includes(item)),
      removed: before.filter((item) => !after.includes(item)),
    }
    if (moved.added.length + moved.removed.length === 0) return
    note(em, entity, {
      kind: 'updated',
      isDone: true,
      chosen,
      meta: metaOf(entity),
      entity,
      before: {},
      after: {},
      collections: [moved],
    })
  }

  /** For the triggers: what this unit of work does is told already. */
  const tell = async (em: EntityManager, ctx: Transaction | undefined, isOn: boolean): Promise<void> => {
    if (!options.triggers || !ctx) return
    const tables = isOn ? toTables(em, find).join(',') : ''
    await em.getConnection().execute("select set_config('daybook.told', ?, true)", [tables], 'run', ctx)
  }
  const flushing = new WeakSet<EntityManager>()

  const hooks = {
    // All: which of them extend a chosen one, only their metadata tells.
    getSubscribedEntities: () => [],
    async onFlush({ em, uow }: FlushEventArgs): Promise<void> {
      for (const changeSet of uow.getChangeSets()) noteIntended(em, changeSet)
      for (const collection of uow.getCollectionUpdates()) noteCollection(em, collection)
      if (em.isInTransaction()) await tell(em, em.getTransactionContext(), true)
      else flushing.add(em)
    },
    async afterTransactionStart({ em, transaction }: TransactionEventArgs): Promise<void> {
      const flush = flushes.get(em as EntityManager)
      if (flush && transaction) seat(em as EntityManager, flush, transaction)
      if (flushing.delete(em as EntityManager)) await tell(em as EntityManager, transaction, true)
    },
    afterCreate: hook('created'),
    afterUpdate: hook('updated'),
    afterDelete: hook('deleted'),
    async afterFlush({ em }: FlushEventArgs): Promise<void> {
      flushing.delete(em)
      const ctx = em.getTransactionContext()
      await tell(em, ctx, false)
      await write(em, take(em), ctx)
    },
  }
  return hooks as unknown as ChangeSubscriber
}

const metaOf = (entity: object): Hooked['meta'] => Reflect.get(entity, '__meta')

type Write = (em: EntityManager, drafts: readonly Draft[], ctx: Transaction | undefined) => Promise<void>

/** Each event that is written is followed to the end of its transaction. */
function createWriter({ seal, observe, follow, ensureParents }: ChangeParts, isAside: boolean): Write {
  const insertEvents = toInsertEvents(ensureParents)
  return async (em, drafts, ctx) => {
    if (drafts.length === 0) return
    const events = drafts.map(seal)
    const ends = events.map((event) => follow(em, event))
    let isRefused = false
    const insert = (): Promise<void> => insertEvents(em, events, ctx)
    if (ctx) {
      watch(em.getConnection()).join(ctx, {
        onEnd(end) {
          if (isRefused && end.outcome === 'committed') for (const event of events) observe(event)
          else for (const tellEnd of ends) tellEnd(end)
        },
      })
      if (isAside) isRefused = !(await trySavepoint(em, ctx, insert))
      else await insert()
    } else if (isAside) await insert().catch(() => events.forEach((event) => void observe(event)))
    else await insert()
  }
}
