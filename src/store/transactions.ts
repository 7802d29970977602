/**
 * How the host's transactions end. Subscribers of MikroORM are told of those of their own EntityManager alone, and of a
 * COMMIT that failed not at all; so `commit` and `rollback` of the one connection object that all of them share are watched.
 */
import type { Connection, Transaction } from '@mikro-orm/core'

export type End =
  | { readonly outcome: 'committed' | 'rolled_back' }
  /** COMMIT failed: whether it came to pass only the database knows. */
  | { readonly outcome: 'unanswered'; readonly xid: string }

/** Something that shares the fate of a transaction, or of the savepoint in which it got on. */
export interface Rider {
  /** In the transaction, just before COMMIT; what it throws fails the change. */
  readonly beforeCommit?: (transaction: Transaction) => Promise<void>
  /** Must not throw. */
  readonly onEnd: (end: End) => void
}

export interface Watch {
  join(transaction: Transaction, rider: Rider): void
}

interface Seat {
  depth: number
  readonly rider: Rider
}

const watches = new WeakMap<Connection, Watch>()

/** Once for each ORM, however many event logs record in it. */
export function watch(connection: Connection): Watch {
  const known = watches.get(connection)
  if (known) return known
  const made = startWatch(connection)
  watches.set(connection, made)
  return made
}

function startWatch(connection: Connection): Watch {
  /** By connection of the database, which a transaction and its savepoints share. */
  const seats = new WeakMap<object, Seat[]>()
  const commit = connection.commit.bind(connection)
  const rollback = connection.rollback.bind(connection)
  let riding = 0

  const seatsOf = async (transaction: Transaction): Promise<Seat[]> => {
    const line = riding > 0 ? await toLine(transaction) : undefined
    return (line && seats.get(line)) ?? []
  }
  /** Those in this transaction or savepoint, and in the savepoints within. */
  const getOff = (all: Seat[], depth: number): Seat[] => {
    const off = all.filter((seat) => seat.depth >= depth)
    all.splice(0, all.length, ...all.filter((seat) => seat.depth < depth))
    riding -= off.length
    return off
  }
  const end = (all: Seat[], depth: number, how: End): void => {
    for (const { rider } of getOff(all, depth)) rider.onEnd(how)
  }

  connection.commit = async (transaction, ...rest) => {
    const all = await seatsOf(transaction)
    if (all.length === 0) return commit(transaction, ...rest)
    const depth = depthOf(transaction)
    if (depth > 0) {
      await commit(transaction, ...rest)
      for (const seat of all) seat.depth = Math.min(seat.depth, depth - 1)
      return
    }
    const xid = await readXid(connection, transaction)
    if (xid !== undefined) for (const { rider } of [...all]) await rider.beforeCommit?.(transaction)
    // Where a statement has failed, Postgres answers COMMIT without an error and rolls back.
    const rolledBack: End = { outcome: 'rolled_back' }
    try {
      await commit(transaction, ...rest)
    } catch (error) {
      end(all, 0, xid === undefined ? rolledBack : { outcome: 'unanswered', xid })
      throw error
    }
    end(all, 0, xid === undefined ? rolledBack : { outcome: 'committed' })
  }

  connection.rollback = async (transaction, ...rest) => {
    const all = await seatsOf(transaction)
    try {
      await rollback(transaction, ...rest)
    } finally {
      end(all, depthOf(transaction), { outcome: 'rolled_back' })
    }
  }

  return {
    join(transaction, rider) {
      riding++
      const seat: Seat = { depth: depthOf(transaction), rider }
      void toLine(transaction).then((line) => {
        const all = line && seats.get(line)
        if (all) all.push(seat)
        else if (line) seats.set(line, [seat])
        else riding--
      })
    },
  }
}

/** What MikroORM and Kysely keep on a transaction. */
interface Kept {
  readonly savepointName?: string
  readonly index?: number
  getExecutor(): { provideConnection<T>(use: (line: object) => Promise<T>): Promise<T> }
}

const depthOf = (transaction: Transaction): number => {
  const { savepointName, index = 0 } = transaction as unknown as Kept
  return savepointName === undefined ? 0 : index
}

/** Asked one after the other: who asked before COMMIT is answered before it. Undefined when the transaction is over. */
async function toLine(transaction: Transaction): Promise<object | undefined> {
  try {
    return await (transaction as unknown as Kept).getExecutor().provideConnection(async (line) => line)
  } catch {
    return undefined
  }
}

/** Undefined when the transaction can't be committed any more. */
async function readXid(connection: Connection, transaction: Transaction): Promise<string | undefined> {
  try {
    const row = await connection.execute<{ xid: string }>(
      'select pg_current_xact_id()::text as xid',
      [],
      'get',
      transaction,
    )
    return row.xid
  } catch {
    return undefined
  }
}
