import { Fault } from '../event/fault.ts'
import type { ErrorReader } from '../event/ports.ts'
import { toCursorText } from '../event/query.ts'
import type { Answer, Call, Handlers } from './call.ts'
import type { ErrorPage } from './contract.generated.ts'
import { toErrorQuery } from './query.ts'

export function createErrorHandlers(errors: ErrorReader): Handlers {
  const findErrors = async ({ viewer, query: values }: Call): Promise<Answer<ErrorPage>> => {
    const { query, filters_applied } = toErrorQuery(values)
    const { rows, total, next } = await errors.find(viewer, query)
    const next_cursor = next ? toCursorText(next) : null
    return { status: 200, body: { errors: rows as ErrorPage['errors'], total, filters_applied, next_cursor } }
  }

  const getError = async ({ viewer, id }: Call): Promise<Answer> => {
    const error = await errors.get(viewer, id)
    if (!error) throw new Fault('not_found', 'There is no such error, or it is not yours to see.')
    return { status: 200, body: error }
  }

  return { findErrors, getError }
}
