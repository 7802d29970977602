/**
 * PGlite loses a little of its stack with each statement that fails, and after about 3,000 of them it can't even begin a
 * transaction (docs/traps/pglite-errors.md). So it is closed and opened again long before that, between two calls.
 */
import type { PGlite } from '@electric-sql/pglite'
import { openEmbedded } from './embedded.ts'
import type { EmbeddedDatabase } from './orm.ts'

export type Embedded = EmbeddedDatabase['pglite']

const MAX_FAILURES = 500

/** Rejects when the first opening does; a later one is tried again by the next call. */
export async function openRenewed(dir: string): Promise<Embedded> {
  let pglite = await openEmbedded(dir)
  let failures = 0
  let running = 0
  let renewal: Promise<void> | undefined
  let onIdle: (() => void) | undefined

  const renew = async (): Promise<void> => {
    if (running > 0) await new Promise<void>((resolve) => (onIdle = resolve))
    await pglite.close().catch(() => undefined)
    pglite = await openEmbedded(dir)
    failures = 0
  }

  const call = async <T>(work: (open: PGlite) => Promise<T>): Promise<T> => {
    while (failures >= MAX_FAILURES) {
      renewal ??= renew().finally(() => {
        renewal = undefined
      })
      await renewal
    }
    running++
    try {
      return await work(pglite)
    } catch (error) {
      failures++
      throw error
    } finally {
      if (--running === 0) onIdle?.()
    }
  }

  return {
    query: (sql, parameters, options) => call((open) => open.query(sql, parameters, options)),
    transaction: (work) => call((open) => open.transaction(work)),
    async close() {
      await renewal?.catch(() => undefined)
      await pglite.close()
    },
    get closed() {
      return pglite.closed
    },
    ready: true,
    waitReady: Promise.resolve(),
  }
}
