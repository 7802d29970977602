import type { ErrorDraft } from '../event/event.ts'
import { Fault } from '../event/fault.ts'
import type { ApiParts } from '../event/ports/api.ts'
import type { Answer, Call, Handlers } from './call.ts'
import type { Accepted, ErrorInput, ErrorPage } from './contract.generated.ts'
import { toPageBody } from './page.ts'
import { toErrorQuery } from './query.ts'

export function createErrorHandlers({ errors, sink }: Pick<ApiParts, 'errors' | 'sink'>): Handlers {
  const findErrors = async ({ viewer, query: values }: Call): Promise<Answer<ErrorPage>> => {
    const { query, filters_applied } = toErrorQuery(values)
    const page = await errors.find(viewer, query)
    return { status: 200, body: { errors: page.rows as ErrorPage['errors'], ...toPageBody(page), filters_applied } }
  }

  const getError = async ({ viewer, id }: Call): Promise<Answer> => {
    const error = await errors.get(viewer, id)
    if (!error) throw new Fault('not_found', 'There is no such error, or it is not yours to see.')
    return { status: 200, body: error }
  }

  const addError = (call: Call): Answer<Accepted> => {
    const error = sink.error(toDraft(call))
    if (!error) throw new Fault('spool_full', 'The event log takes no more errors now. Send it again later.')
    return { status: 202, body: { accepted: 1, ids: [error.id] } }
  }

  return { findErrors, getError, addError }
}

/** Tenant and user are the viewer's. Who shows no key is nobody, and a browser. */
function toDraft({ viewer, body, sender }: Call): ErrorDraft {
  const { role, tenant_id } = viewer
  const { error_type, message, stack, detail, ...columns } = body as ErrorInput
  return {
    ...columns,
    error: { name: error_type, message, stack },
    // Ours is last: nobody says of itself that it is somebody else.
    detail: { ...detail, reporter: { role, ...sender } },
    service: (role !== 'anonymous' && columns.service) || FRONT_END,
    user_id: role === 'admin' || role === 'ingest' ? columns.user_id : viewer.user_id,
    tenant_id,
  }
}

const FRONT_END = 'browser'
