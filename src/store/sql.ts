/** SQL with bound parameters, in the entity manager's own transaction. `em.execute` would write values into the text. */
import { CompiledQuery, type Kysely, type QueryResult } from 'kysely'
import { toSignal } from './leaving.ts'
import type { Em } from './orm.ts'

export async function runSql<Row>(
  em: Em,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<QueryResult<Row>> {
  await em.getConnection().ensureConnection()
  const transaction = em.getTransactionContext() as Pick<Kysely<unknown>, 'executeQuery' | 'getExecutor'> | undefined
  const client = transaction ?? em.getConnection().getClient()
  const query = CompiledQuery.raw(text, [...parameters]) as CompiledQuery<Row>
  const signal = toSignal()
  return signal ? runCancellable(client.getExecutor(), query, signal) : client.executeQuery(query)
}

/** Kysely's own way with a signal writes to the console. PGlite can't be told to stop. */
function runCancellable<Row>(
  executor: Executor,
  query: CompiledQuery<Row>,
  signal: AbortSignal,
): Promise<QueryResult<Row>> {
  const withConnection: Executor['provideConnection'] = (work) => executor.provideConnection(work)
  return withConnection(async (connection) => {
    const cancel = (): void => void connection.cancelQuery?.(withConnection).catch(() => undefined)
    await connection.collectSessionInfo?.()
    signal.throwIfAborted()
    signal.addEventListener('abort', cancel, { once: true })
    try {
      return await connection.executeQuery<Row>(query)
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  })
}

type Executor = ReturnType<Kysely<unknown>['getExecutor']>

/** A name from our own metadata, quoted: `release` and others are words of SQL. */
export const toName = (column: string): string => `"${column}"`
