/** Every read of errors, with the viewer first, as for events. */
import { ERROR_COLUMNS } from '../event/columns.ts'
import type { ErrorFields } from '../event/event.ts'
import type { ErrorReader } from '../event/ports.ts'
import { toScope } from '../event/viewer.ts'
import { orFault } from './faults.ts'
import type { Orm } from './orm.ts'
import { findOne, findPage, toSource } from './pages.ts'

const SOURCE = toSource('error_logs', ERROR_COLUMNS)

export function createErrorRepository(orm: Orm): ErrorReader {
  return {
    find: (viewer, query) => orFault(() => findPage<ErrorFields>(orm.em.fork(), SOURCE, toScope(viewer), query)),
    get: (viewer, id) => orFault(() => findOne<ErrorFields>(orm.em.fork(), SOURCE, toScope(viewer), id)),
  }
}
