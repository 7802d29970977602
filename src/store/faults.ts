/** What the database throws → a Fault that says what to do about it. Codes: Postgres, appendix A. */
import { Fault, toReason } from '../event/fault.ts'

/** Classes of SQLSTATE that speak of the row and not of the day: they would fail again for ever. */
const OF_THE_ROW = /^(21000$|22|23|42804$|54000$|54001$)/

export const UNIQUE_VIOLATION = '23505'
export const NO_PARTITION = '23514'
export const FOREIGN_KEY_VIOLATION = '23503'

const READ_ONLY = '25006'

export const isReadOnly = (error: unknown): boolean =>
  toSqlState(error instanceof Fault ? error.cause : error) === READ_ONLY

export function toSqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const code: unknown = Reflect.get(error, 'code')
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}

/** Anything not known to be the row's own fault is waited out: waiting loses nothing. */
export function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  const state = toSqlState(error)
  if (state !== undefined && OF_THE_ROW.test(state))
    return new Fault('row_refused', `The database refuses it: ${toReason(error)} (${state}).`, { cause: error })
  if (state === '57014') return new Fault('database_slow', 'The database did not answer in time.', { cause: error })
  if (state === READ_ONLY)
    return new Fault('database_unreachable', 'The database is read-only now, as a standby is (25006).', {
      cause: error,
    })
  const reason = `${toReason(error)}${state ? ` (${state})` : ''}`
  return new Fault('database_unreachable', `The database can't be used now: ${reason}.`, { cause: error })
}

export async function orFault<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toFault(error)
  }
}
