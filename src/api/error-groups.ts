import { Fault } from '../event/fault.ts'
import type { GroupChange, GroupState, GroupsQuery } from '../event/groups.ts'
import type { ApiParts } from '../event/ports/api.ts'
import { toMicros } from '../event/time.ts'
import type { Answer, Call, Handlers } from './call.ts'
import type { ErrorGroup, ErrorGroupChange, ErrorGroups } from './contract.generated.ts'
import { toErrorQuery } from './query.ts'

export function createErrorGroupHandlers({ errorGroups }: Pick<ApiParts, 'errorGroups'>): Handlers {
  const findErrorGroups = async ({ viewer, query: values }: Call): Promise<Answer<ErrorGroups>> => {
    const { query, filters_applied } = toErrorQuery(values)
    const states = values.state as readonly GroupState[] | undefined
    const asked: GroupsQuery = { ...query, offset: query.offset ?? 0, ...(states && { states }) }
    const found = await errorGroups.find(viewer, asked)
    const applied = { ...filters_applied, ...(states && { state: states }) }
    return { status: 200, body: { ...found, filters_applied: applied } as ErrorGroups }
  }

  const changeErrorGroup = async ({ viewer, id, body }: Call): Promise<Answer<ErrorGroup>> => {
    const group = await errorGroups.change(viewer, id, toChange(body as ErrorGroupChange))
    if (!group) throw new Fault('not_found', 'There is no such group of errors.')
    return { status: 200, body: group as ErrorGroup }
  }

  return { findErrorGroups, changeErrorGroup }
}

function toChange({ state, muted_until, muted_until_errors }: ErrorGroupChange): GroupChange {
  if (state !== 'muted' && (muted_until !== undefined || muted_until_errors !== undefined))
    throw new Fault('invalid_request', 'state: only what is muted is muted until something.')
  if (muted_until !== undefined && toMicros(muted_until) === undefined)
    throw new Fault('invalid_request', 'muted_until: it must be a time such as 2026-11-21T10:00:00Z.')
  return { state, ...(muted_until && { muted_until }), ...(muted_until_errors && { muted_until_errors }) }
}
