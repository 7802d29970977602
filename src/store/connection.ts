/**
 * The writer's one connection to a server. There is one so that the client we COPY with is the one that holds the
 * transaction; and when an answer is overdue it is cut, as a frozen server or a lost route would hold it for hours.
 */
import type { Client, Pool } from 'pg'
import { Fault } from '../event/fault.ts'
import { isReadOnly } from './faults.ts'
import { toStream } from './pool.ts'

export interface Connection {
  /** Notes which client is in use; for the pool's creation. */
  readonly watch: (pool: Pool) => void
  readonly client: () => Client
  /** It broke off since the last `trust`: behind the address may be another server by now. */
  readonly isLost: () => boolean
  /** The same, or it was closed, as it is when nothing was asked for a while. */
  readonly isEnded: () => boolean
  readonly trust: () => void
  /** Fails with Fault `database_slow` when the work takes too long, and leaves no half-dead connection behind. */
  readonly guard: <T>(work: () => Promise<T>, limitMs?: number) => Promise<T>
}

export function createConnection(timeoutMs: number): Connection {
  let client: Client | undefined
  let isLost = false
  let isEnded = false

  const cut = (): void => {
    if (client) toStream(client)?.destroy()
    client = undefined
  }

  return {
    watch(pool) {
      pool.on('acquire', (acquired) => {
        client = acquired
      })
      pool.on('error', () => {
        isLost = true
      })
      pool.on('remove', () => {
        isEnded = true
      })
    },
    client() {
      if (!client) throw new Fault('unexpected', 'No connection holds the transaction.')
      return client
    },
    isLost: () => isLost,
    isEnded: () => isLost || isEnded,
    trust() {
      isLost = false
      isEnded = false
    },
    async guard(work, limitMs = timeoutMs) {
      let isOverdue = false
      const timer = setTimeout(() => {
        isOverdue = true
        cut()
      }, limitMs)
      try {
        return await work()
      } catch (error) {
        // Where a standby answers, the next connection may lead to the server that took over.
        if (isReadOnly(error)) cut()
        throw isOverdue
          ? new Fault('database_slow', `The database did not answer within ${limitMs} ms.`, { cause: error })
          : error
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
