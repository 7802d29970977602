/** Who made a request, read when its response ends: authentication runs later than we do. */
import type { Request } from 'express'
import type { ActorFields } from '../../config/options.ts'

export type ToActor = (req: Request) => ActorFields

const ANONYMOUS: ActorFields = { actor_type: 'anonymous' }

/** The names under which authentication libraries leave a user's id. */
const ID_NAMES = ['id', 'user_id', 'userId', 'sub', 'uid', '_id', 'username', 'email'] as const

export function createActor(own: ((req: Request) => ActorFields | undefined) | undefined): ToActor {
  return (req) => {
    const fields = own?.(req) ?? fromRequest(req)
    return fields.user_id || fields.agent_id || fields.actor_type ? fields : { ...ANONYMOUS, ...fields }
  }
}

/** `req.user` (passport and its like), `req.auth` (express-jwt), else the session's user. */
function fromRequest(req: Request): ActorFields {
  const session = read(req, 'session')
  const user_id = toId(read(req, 'user')) ?? toId(read(req, 'auth')) ?? toId(read(session, 'user')) ?? undefined
  const session_id = read(req, 'sessionID')
  return {
    ...(user_id ? { user_id } : {}),
    ...(typeof session_id === 'string' ? { session_id } : {}),
  }
}

function toId(user: unknown): string | undefined {
  if (typeof user === 'string' && user !== '') return user
  for (const name of ID_NAMES) {
    const id = read(user, name)
    if (typeof id === 'string' && id !== '') return id
    if (typeof id === 'number' || typeof id === 'bigint') return String(id)
  }
  return undefined
}

const read = (from: unknown, name: string): unknown =>
  typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined
