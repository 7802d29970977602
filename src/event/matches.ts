/** Whether a row is among those that a query finds within a scope: the same answer as SQL's, without asking it. */
import { type Asked, EVENT_LEAST, type EventRow } from './query.ts'
import { checkSeen, type Scope } from './viewer.ts'

type Values = Readonly<Record<string, unknown>>

/**
 * Of a project's members only the database knows: whoever asks says whether this is one, and else it has its own rows alone.
 * Throws Fault `invalid_request` for a column that is hidden from the viewer.
 */
export function createMatches(scope: Scope, asked: Asked): (row: EventRow, isMember?: boolean) => boolean {
  const { start_time = '', end_time = '~', least = {} } = asked
  const { hides: _, or_member, user_id, ...narrowing } = scope
  const own = Object.entries(narrowing).filter(([, value]) => value !== undefined)
  const filters = Object.entries(asked.filters)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => [name, new Set<unknown>(values)] as const)
  const leasts = Object.entries(EVENT_LEAST).flatMap(([name, column]) => {
    const value = least[name as keyof typeof EVENT_LEAST]
    return value === undefined ? [] : [[column, value] as const]
  })
  for (const [name] of [...filters, ...leasts]) checkSeen(scope, name)
  return (row, isMember = false) => {
    const values = row as Values
    const { created_at = '' } = row
    return (
      (user_id === undefined || values.user_id === user_id || (or_member === true && isMember)) &&
      own.every(([name, value]) => values[name] === value) &&
      created_at >= start_time &&
      created_at < end_time &&
      filters.every(([name, wanted]) => wanted.has(values[name])) &&
      leasts.every(([column, value]) => Number(values[column] ?? Number.NEGATIVE_INFINITY) >= value)
    )
  }
}
