/** Keys that were checked, as events: each that was refused; one that was accepted once an hour, as pages ask every second. */
import { createHash } from 'node:crypto'
import type { Request } from 'express'
import type { Draft } from '../event/event.ts'
import type { Sink } from '../event/ports/sink.ts'
import type { Viewer } from '../event/viewer.ts'
import { toActor } from './acts.ts'
import { addressOf } from './address.ts'
import { createNews } from './news.ts'

/** `viewer`: undefined for a key that was refused. Never throws. */
export type NoteKey = (req: Request, key: string, viewer: Viewer | undefined) => void

const HOUR_MS = 3_600_000

export interface NoteKeyOptions {
  readonly sink: Sink
  /** Whether those that were accepted are events too. */
  readonly accepted: boolean
  readonly nowMs?: () => number
}

export function createNoteKey({ sink, accepted, nowMs = Date.now }: NoteKeyOptions): NoteKey {
  const isNews = createNews(HOUR_MS, nowMs)
  // No key is kept in memory for this.
  const toDigest = (key: string): string => createHash('sha256').update(key).digest('base64')
  return (req, key, viewer) => {
    if (viewer ? accepted && isNews(toDigest(key)) : true) sink.event({ ...toRequest(req), ...toVerdict(viewer) })
  }
}

export const toRequest = (req: Request): Pick<Draft, 'source_ip' | 'user_agent' | 'method' | 'path'> => ({
  source_ip: addressOf(req) || undefined,
  user_agent: req.get('user-agent'),
  method: req.method,
  path: `${req.baseUrl}${req.path}`,
})

const toVerdict = (viewer: Viewer | undefined): Draft =>
  viewer
    ? {
        event_type: 'AUTH_API_KEY',
        action_description: `A key of role ${viewer.role} was accepted`,
        entity_type: viewer.only ? 'viewer_token' : 'api_key',
        entity_id: viewer.key_id,
        ...toActor(viewer),
      }
    : {
        event_type: 'AUTH_API_KEY',
        action_description: 'A key was refused',
        status: 'failure',
        outcome: 'denied',
        error_code: 'HTTP_401',
        actor_type: 'anonymous',
      }
