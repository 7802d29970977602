/**
 * The embedded database across threads. The drain's thread serves it at a message port; the app's ORM gets a client of
 * PGlite's shape. PGlite queues its callers in order, so both sides get fair turns, and every wait has a deadline.
 */
import type { MessagePort } from 'node:worker_threads'
import type { QueryOptions, Transaction } from '@electric-sql/pglite'
import { Fault, type FaultCode, toReason } from '../event/fault.ts'
import { toSqlState } from './faults.ts'
import { PARSERS } from './parsers.ts'
import type { Embedded } from './renewed.ts'

type Request =
  | {
      readonly id: number
      readonly op: 'query'
      readonly tx?: number
      readonly sql: string
      readonly parameters: unknown[]
      /** What a COPY reads. */
      readonly blob?: Blob
    }
  | { readonly id: number; readonly op: 'begin' | 'commit' | 'rollback'; readonly tx: number }
type Question = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never

interface Answer {
  readonly id: number
  readonly result?: unknown
  /** Members that a cloned Error would lose. */
  readonly error?: { readonly message: string; readonly code?: string; readonly fault?: FaultCode }
}

interface OpenTransaction {
  readonly transaction: Transaction
  readonly end: (outcome: 'commit' | 'rollback') => Promise<void>
}

/** A PGlite of a host may read times in another way. */
const OPTIONS = { rowMode: 'object', parsers: PARSERS } as const

/** Answers one client. `open` rejects with a Fault while this thread may not or can't yet open the database. */
export function serveEmbedded(port: MessagePort, open: () => Promise<Embedded>, deadlineMs: number): void {
  const transactions = new Map<number, OpenTransaction>()

  const answer = async (request: Request): Promise<unknown> => {
    const pglite = await open()
    if (request.op === 'begin') return begin(pglite, request.tx)
    const current = request.op === 'query' && request.tx === undefined ? undefined : transactions.get(request.tx ?? -1)
    if (request.op === 'query' && request.tx === undefined)
      return toResult(await pglite.query(request.sql, request.parameters, OPTIONS))
    if (!current) throw new Fault('database_slow', 'The transaction was open for too long and has been rolled back.')
    if (request.op !== 'query') return current.end(request.op)
    const { sql, parameters, blob } = request
    return toResult(await current.transaction.query(sql, parameters, { ...OPTIONS, ...(blob && { blob }) }))
  }

  const begin = (pglite: Embedded, tx: number): Promise<void> => {
    const begun = Promise.withResolvers<void>()
    const outcome = Promise.withResolvers<void>()
    // It may be over before PGlite's queue has let the transaction in, and until then nobody waits for it.
    outcome.promise.catch(() => undefined)
    // A client that went away in its transaction must not hold the only connection.
    const timer = setTimeout(() => outcome.reject(new Fault('database_slow', 'deadline')), deadlineMs)
    const done = pglite.transaction(async (transaction) => {
      transactions.set(tx, {
        transaction,
        end: (how) => {
          if (how === 'commit') outcome.resolve()
          else outcome.reject(new Fault('unexpected', 'rolled back'))
          return how === 'commit' ? done : done.catch(() => undefined)
        },
      })
      begun.resolve()
      await outcome.promise
    })
    done.catch(begun.reject).finally(() => {
      clearTimeout(timer)
      transactions.delete(tx)
    })
    return begun.promise
  }

  port.on('message', (request: Request) => {
    answer(request).then(
      (result) => port.postMessage({ id: request.id, result } satisfies Answer),
      (error: unknown) => port.postMessage({ id: request.id, error: toPlainError(error) } satisfies Answer),
    )
  })
  port.on('close', () => {
    for (const { end } of transactions.values()) void end('rollback')
  })
}

const toResult = ({ rows, affectedRows }: { rows: unknown[]; affectedRows?: number }): object => ({
  rows,
  affectedRows,
})

function toPlainError(error: unknown): NonNullable<Answer['error']> {
  const code = toSqlState(error)
  return {
    message: toReason(error),
    ...(error instanceof Fault ? { fault: error.code } : {}),
    ...(code ? { code } : {}),
  }
}

/** A client of PGlite's shape. `connect` is called for a port when there is none, or none any more. */
export function createEmbeddedClient(connect: () => MessagePort, deadlineMs: number): Embedded {
  const pending = new Map<number, { resolve: (value: never) => void; reject: (reason: unknown) => void }>()
  let port: MessagePort | undefined
  let lastId = 0

  const toPort = (): MessagePort => {
    if (port) return port
    const fresh = connect()
    fresh.on('message', ({ id, result, error }: Answer) => {
      const waiting = pending.get(id)
      pending.delete(id)
      if (error) waiting?.reject(toError(error))
      else waiting?.resolve(result as never)
      if (pending.size === 0) fresh.unref()
    })
    fresh.on('close', () => {
      if (port === fresh) port = undefined
      const gone = new Fault('database_unreachable', 'The thread of the embedded database ended; it is started again.')
      for (const { reject } of pending.values()) reject(gone)
      pending.clear()
    })
    port = fresh
    return fresh
  }

  const ask = <T>(question: Question): Promise<T> => {
    // First, as it may throw: then nobody waits for an answer, and none may be due.
    const open = toPort()
    const id = ++lastId
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const timer = setTimeout(() => {
      pending.delete(id)
      reject(new Fault('database_slow', `The embedded database did not answer within ${deadlineMs} ms.`))
    }, deadlineMs)
    pending.set(id, { resolve, reject })
    // While an answer is due the process stays; an idle port must not keep it.
    open.ref()
    open.postMessage({ id, ...question })
    return promise.finally(() => clearTimeout(timer))
  }

  const toClient = (tx?: number) => ({
    query: (sql: string, parameters: unknown[] = [], { blob }: QueryOptions = {}) =>
      ask({ op: 'query', sql, parameters, ...(tx !== undefined && { tx }), ...(blob && { blob: blob as Blob }) }),
  })

  const client = {
    ...toClient(),
    async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
      const tx = ++lastId
      await ask<void>({ op: 'begin', tx })
      try {
        // The ORM uses `query` of a transaction and nothing else of it.
        const result = await work(toClient(tx) as unknown as Transaction)
        await ask<void>({ op: 'commit', tx })
        return result
      } catch (error) {
        await ask<void>({ op: 'rollback', tx }).catch(() => undefined)
        throw error
      }
    },
    async close() {
      port?.close()
    },
    closed: false,
    ready: true,
    waitReady: Promise.resolve(),
  }
  return client as unknown as Embedded
}

function toError({ message, code, fault }: NonNullable<Answer['error']>): Error {
  return fault ? new Fault(fault, message) : Object.assign(new Error(message), code ? { code } : {})
}
