/** Who asked for what its role may not, as events: the same once a minute, as a page may ask every second. */
import type { Request } from 'express'
import type { Sink } from '../event/ports/sink.ts'
import type { Viewer } from '../event/viewer.ts'
import { toActor } from './acts.ts'
import { toRequest } from './key-checks.ts'
import { createNews } from './news.ts'

/** Who shows no key has no role to go beyond. Never throws. */
export type NoteRefusal = (req: Request, viewer: Viewer, operation: string) => void

const MINUTE_MS = 60_000

export function createNoteRefusal(sink: Sink): NoteRefusal {
  const isNews = createNews(MINUTE_MS)
  return (req, viewer, operation) => {
    const { role, tenant_id, user_id, key_id } = viewer
    if (role === 'anonymous' || !isNews(JSON.stringify([tenant_id, user_id, key_id, operation]))) return
    sink.event({
      event_type: 'AUTH_FAILURE',
      action_description: `Role ${role} was refused ${operation}`,
      status: 'failure',
      outcome: 'denied',
      error_code: 'HTTP_403',
      status_code: 403,
      ...toRequest(req),
      ...toActor(viewer),
    })
  }
}
