/**
 * The transactional lane: an event as a row of the host's own unit of work. It is committed if and only if the change is;
 * when that is rolled back, a twin tells of the attempt by the observed lane.
 */
import type { EntityManager, EventSubscriber, Transaction } from '@mikro-orm/core'
import type { Draft, Event } from '../event/event.ts'
import type { SpoolSealed, Twin } from '../event/ports/sink.ts'
import { type InsertEvents, toInsertEvents, trySavepoint, unknownEntity } from './event-rows.ts'
import { findEventMeta, type HostEm, toContext } from './host-em.ts'
import type { EnsureParents } from './lane-parents.ts'
import type { Looks } from './looks.ts'
import { type End, type Rider, watch } from './transactions.ts'

export interface RecordOptions {
  /**
   * What becomes of the change when the event can't be inserted. fail: it fails too. set_aside: it goes on, and the event is
   * stored by the observed lane after the commit. Default fail.
   */
  readonly onFailure?: 'fail' | 'set_aside'
}

export interface LaneParts {
  readonly seal: (draft: Draft) => Event
  /** The observed lane. */
  readonly observe: SpoolSealed
  readonly looks: Looks
  /** Where the logs refer to Daybook's own tables. */
  readonly ensureParents?: EnsureParents | undefined
}

export interface Lane {
  record(em: HostEm, draft: Draft, options?: RecordOptions): Event
  /** Follows an event whose row somebody else puts into a transaction. */
  follow(em: EntityManager, event: Event): (end: End) => void
}

/** A row of ours in a unit of work. */
interface Passenger extends Rider {
  readonly isAside: boolean
  isSeated: boolean
  /** Inserts an event that is set aside, where there is no transaction. */
  readonly insertAlone: () => Promise<void>
  /** In the transaction of its row, before that goes in. */
  readonly prepare: (ctx: Transaction | undefined) => Promise<void> | undefined
}

const passengers = new WeakMap<object, Passenger>()

export function createLane({ seal, observe, looks, ensureParents }: LaneParts): Lane {
  const insert = toInsertEvents(ensureParents)
  const toTwin = (event: Event, more: Twin): void => {
    const severity = event.severity === 'info' || event.severity === 'debug' ? 'warning' : event.severity
    observe(event, { status: 'failure', severity, twin_of: event.id, ...more })
  }

  const follow: Lane['follow'] = (em, event) => (end) => {
    if (end.outcome === 'rolled_back') toTwin(event, { outcome: 'rolled_back' })
    if (end.outcome !== 'unanswered') return
    looks.settle(
      () => askOutcome(em, event, end.xid),
      (known) => {
        if (known === 'rolled_back') toTwin(event, { outcome: 'rolled_back' })
        // Nobody could tell, and a twin that claims either would be made up.
        else if (known === undefined) toTwin(event, { outcome: undefined, metadata: unknownOutcome(event) })
      },
    )
  }

  const record: Lane['record'] = (host, draft, { onFailure = 'fail' } = {}) => {
    const event = seal({ ...draft, outcome: draft.outcome ?? 'committed' })
    const em = toContext(host)
    const meta = findEventMeta(em)
    if (!meta) {
      if (onFailure === 'fail') throw unknownEntity()
      observe(event)
      return event
    }
    const row = em.create(meta.class, { ...event }, { persist: false })
    const isAside = onFailure === 'set_aside'
    const passenger = toPassenger({ em, event, isAside }, { observe, insert, ensureParents, onEnd: follow(em, event) })
    passengers.set(row, passenger)
    em.getEventManager().registerSubscriber(SUBSCRIBER)
    em.persist(row)
    const transaction = em.getTransactionContext()
    if (transaction) seat(em, passenger, transaction)
    return event
  }

  return { record, follow }
}

interface Recorded {
  readonly em: EntityManager
  readonly event: Event
  readonly isAside: boolean
}

interface Ways extends Pick<LaneParts, 'observe' | 'ensureParents'> {
  readonly insert: InsertEvents
  readonly onEnd: (end: End) => void
}

function toPassenger({ em, event, isAside }: Recorded, { observe, onEnd, ensureParents, ...ways }: Ways): Passenger {
  const insert = (ctx?: Transaction): Promise<void> => ways.insert(em, [event], ctx)
  let isRefused = false
  const passenger: Passenger = {
    isAside,
    isSeated: false,
    prepare: (ctx) => ensureParents?.(em, [event], ctx),
    onEnd(end) {
      passenger.isSeated = false
      if (isRefused && end.outcome === 'committed') observe(event)
      else onEnd(end)
    },
    async insertAlone() {
      try {
        await insert()
      } catch {
        observe(event)
      }
    },
    ...(isAside && {
      beforeCommit: async (ctx: Transaction) => {
        isRefused = !(await trySavepoint(em, ctx, () => insert(ctx)))
      },
    }),
  }
  return passenger
}

function seat(em: EntityManager, passenger: Passenger, transaction: Transaction): void {
  if (passenger.isSeated) return
  passenger.isSeated = true
  watch(em.getConnection()).join(transaction, passenger)
}

/** Events that are set aside, on their way from a unit of work to its transaction. */
const held = new WeakMap<EntityManager, Passenger[]>()

/** Seats what was recorded before its transaction began. One for all ORMs and event logs: an ORM has it once. */
const SUBSCRIBER: EventSubscriber = {
  beforeFlush({ em, uow }) {
    const stack = uow.getPersistStack()
    for (const row of stack) {
      const passenger = passengers.get(row)
      if (!passenger?.isAside) continue
      stack.delete(row)
      uow.unsetIdentity(row)
      if (!passenger.isSeated) held.set(em, [...(held.get(em) ?? []), passenger])
    }
  },
  afterTransactionStart({ em, uow, transaction }) {
    if (!transaction) return
    for (const passenger of held.get(em) ?? []) seat(em, passenger, transaction)
    held.delete(em)
    for (const row of uow?.getPersistStack() ?? []) {
      const passenger = passengers.get(row)
      if (passenger) seat(em, passenger, transaction)
    }
  },
  // Not when the transaction starts: what fails there leaves it open.
  async beforeCreate({ em, entity }) {
    await passengers.get(entity)?.prepare(em.getTransactionContext())
  },
  /** Nothing else was to be flushed, so that no transaction began. */
  async afterFlush({ em }) {
    const left = held.get(em) ?? []
    held.delete(em)
    for (const passenger of left) await passenger.insertAlone()
  },
}

/** Undefined while the server still works on it. Asked over another connection than the one that was lost. */
async function askOutcome(
  em: EntityManager,
  { id, created_at }: Event,
  xid: string,
): Promise<'committed' | 'rolled_back' | undefined> {
  const fresh = em.fork({ clear: true })
  const meta = findEventMeta(fresh)
  if (!meta) return 'rolled_back'
  // The row first: a server that took over after the loss may have given the number to another transaction.
  if ((await fresh.count(meta.class, { id, created_at } as object, { filters: false })) > 0) return 'committed'
  const sql = 'select pg_xact_status(?::xid8) as status'
  const rows = await fresh
    .getConnection()
    .execute<{ status: string | null }[]>(sql, [xid])
    .catch((error: unknown) => {
      // A number that a server behind has not reached yet.
      if (Reflect.get(Object(error), 'code') === '22023') return []
      throw error
    })
  return rows[0]?.status === 'in progress' ? undefined : 'rolled_back'
}

const unknownOutcome = ({ metadata }: Event) => ({
  ...(typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) ? metadata : {}),
  outcome_unknown: 'The answer to COMMIT was lost, and the database could not be asked in time.',
})
