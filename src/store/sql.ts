/** SQL with bound parameters, in the entity manager's own transaction. `em.execute` would write values into the text. */
import { CompiledQuery, type Kysely, type QueryResult } from 'kysely'
import type { Em } from './orm.ts'

export async function runSql<Row>(
  em: Em,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<QueryResult<Row>> {
  await em.getConnection().ensureConnection()
  const transaction = em.getTransactionContext() as Pick<Kysely<unknown>, 'executeQuery'> | undefined
  return (transaction ?? em.getConnection().getClient()).executeQuery<Row>(CompiledQuery.raw(text, [...parameters]))
}

/** A name from our own metadata, quoted: `release` and others are words of SQL. */
export const toName = (column: string): string => `"${column}"`
