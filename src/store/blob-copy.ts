/**
 * COPY into PGlite, whose rows come as a Blob beside the statement. The ORM knows nothing of Blobs: so its PGlite is one
 * that adds the Blob which is due to the COPY that asks for it, within the ORM's own transaction.
 */
import type { QueryOptions, Transaction } from '@electric-sql/pglite'
import type { EmbeddedDatabase } from './orm.ts'
import { type Put, putCopied } from './rows.ts'

type Embedded = EmbeddedDatabase['pglite']

/** `pglite` is for the ORM in whose transactions `put` is then used, one at a time. */
export function createBlobCopy(pglite: Embedded): { readonly pglite: Embedded; readonly put: Put } {
  let due: Blob | undefined

  const withBlob = (options: QueryOptions | undefined, sql: string): QueryOptions | undefined =>
    due && sql.startsWith('copy ') ? { ...options, blob: due } : options
  const ofTransaction = (tx: Transaction): Transaction => {
    const query: Transaction['query'] = (sql, parameters, options) => tx.query(sql, parameters, withBlob(options, sql))
    return Object.assign(Object.create(tx) as Transaction, { query })
  }

  return {
    pglite: {
      query: (sql, parameters, options) => pglite.query(sql, parameters, options),
      transaction: (work) => pglite.transaction((tx) => work(ofTransaction(tx))),
      close: () => pglite.close(),
      get closed() {
        return pglite.closed
      },
      ready: pglite.ready,
      waitReady: pglite.waitReady,
    },
    put: (em, shape, rows) =>
      putCopied(em, shape, rows, (text) => {
        due = text === undefined ? undefined : new Blob([text])
      }),
  }
}
