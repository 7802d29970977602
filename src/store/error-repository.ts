/** Every read of errors, with the viewer first, as for events. */
import { ERROR_COLUMNS } from '../event/columns.ts'
import type { ErrorFields } from '../event/event.ts'
import type { ErrorReader } from '../event/ports/readers.ts'
import { ERROR_WORDS } from '../event/query.ts'
import { toScope } from '../event/viewer.ts'
import { orFault } from './faults.ts'
import type { Orm } from './orm.ts'
import { findOne, findPage, toSource } from './pages.ts'
import { createSince, toBounded } from './since.ts'

export const ERRORS = toSource({ table: 'error_logs', columns: ERROR_COLUMNS, words: ERROR_WORDS })

/** `keepDays`: as for events. */
export function createErrorRepository(orm: Orm, keepDays?: number): ErrorReader {
  const since = createSince(keepDays)
  return {
    find: (viewer, query) =>
      orFault(() => findPage<ErrorFields>(orm.em.fork(), ERRORS, toScope(viewer), toBounded(query, since))),
    get: (viewer, id) => orFault(() => findOne<ErrorFields>(orm.em.fork(), ERRORS, toScope(viewer), id)),
  }
}
