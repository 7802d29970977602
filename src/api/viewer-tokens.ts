import { Fault } from '../event/fault.ts'
import type { Sink } from '../event/ports/sink.ts'
import { noteAct } from './acts.ts'
import type { Answer, Call, Handlers } from './call.ts'
import type { ViewerToken, ViewerTokenInput } from './contract.generated.ts'
import type { Tokens } from './tokens.ts'

const DEFAULT_LIFE_S = 3_600

export function createViewerTokenHandlers(tokens: Tokens, sink: Sink): Handlers {
  const createViewerToken = async ({ viewer, body }: Call): Promise<Answer<ViewerToken>> => {
    const { expires_in_s = DEFAULT_LIFE_S, ...asked } = body as ViewerTokenInput
    const own = viewer.role === 'user' && viewer.user_id !== undefined ? { user_id: viewer.user_id } : {}
    const scope = { ...asked, ...own }
    if (asked.user_id !== undefined && asked.user_id !== scope.user_id)
      throw new Fault('forbidden', 'A user makes viewer tokens for itself.')
    if (Object.keys(scope).length === 0)
      throw new Fault('invalid_request', 'body: name a project_id, a session_id or a user_id.')
    const { token, id, expires_at } = await tokens.make({ ...scope, tenant_id: viewer.tenant_id }, expires_in_s * 1000)
    noteAct(sink, viewer, { act: 'A viewer token was made', entity_type: 'viewer_token', entity_id: id, scope })
    return { status: 201, body: { token, expires_at, ...scope } }
  }

  const endViewerTokens = async ({ viewer }: Call): Promise<Answer> => {
    await tokens.end(viewer.tenant_id)
    noteAct(sink, viewer, { act: 'All viewer tokens were ended', entity_type: 'viewer_token' })
    return { status: 204, body: null }
  }

  return { createViewerToken, endViewerTokens }
}
