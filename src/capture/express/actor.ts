/** Who made a request, read when its response ends: authentication runs later than we do. */
import type { Request } from 'express'
import type { ActorFields, Options } from '../../config/options.ts'
import { read } from './read.ts'

/** Never throws. */
export type ToActor = (req: Request) => ActorFields

const ANONYMOUS: ActorFields = { actor_type: 'anonymous' }

/** The names under which authentication libraries leave a user's id. */
const ID_NAMES = ['id', 'user_id', 'userId', 'sub', 'uid', '_id', 'username', 'email'] as const

const NAMES = [
  'actor_type',
  'actor_id',
  'user_id',
  'agent_id',
  'on_behalf_of',
  'session_id',
  'project_id',
  'run_id',
  'tenant_id',
] as const satisfies readonly (keyof ActorFields)[]

export function createActor(own: Options['actor']): ToActor {
  if (!own) return fromRequest
  return (req) => {
    try {
      const given: unknown = own(req)
      if (typeof given === 'object' && given !== null) return toFields(given)
    } catch {
      // The host's function failed: the request itself may still say who it was.
    }
    return fromRequest(req)
  }
}

/** Only the columns that say who: a host may give its whole user. */
function toFields(given: object): ActorFields {
  // By types it is no promise; when it is one all the same, its failure must not end the process.
  if (given instanceof Promise) given.catch(() => undefined)
  const fields: Record<string, unknown> = {}
  for (const name of NAMES) {
    const value = Reflect.get(given, name)
    if (value !== undefined && value !== null) fields[name] = value
  }
  if (fields.user_id || fields.agent_id || fields.actor_type) return fields
  fields.actor_type = fields.actor_id ? 'user' : 'anonymous'
  return fields
}

/** What authentication libraries leave on a request. */
interface Authenticated {
  readonly user?: unknown
  readonly auth?: unknown
  readonly session?: unknown
  readonly sessionID?: unknown
}

/** `req.user` (passport and its like), `req.auth` (express-jwt), else the session's user. */
function fromRequest(req: Request): ActorFields {
  const user_id = toId(attempt(toUser, req)) ?? toId(attempt(toAuth, req)) ?? toId(attempt(toSessionUser, req))
  const session_id = attempt(toSessionId, req)
  if (typeof session_id !== 'string') return user_id === undefined ? ANONYMOUS : { user_id }
  return user_id === undefined ? { actor_type: 'anonymous', session_id } : { user_id, session_id }
}

// Named properties, each at its own place in the code, are several times as fast as `read`.
const toUser = (req: Authenticated): unknown => req.user
const toAuth = (req: Authenticated): unknown => req.auth
const toSessionId = (req: Authenticated): unknown => req.sessionID
const toSessionUser = (req: Authenticated): unknown => req.session && read(req.session, 'user')

/** Each on its own: where one getter throws, another may still know. */
function attempt(get: (req: Authenticated) => unknown, req: object): unknown {
  try {
    return get(req)
  } catch {
    return undefined
  }
}

function toId(user: unknown): string | undefined {
  if (typeof user === 'string' && user !== '') return user
  if (typeof user !== 'object' || user === null) return undefined
  for (const name of ID_NAMES) {
    const id = read(user, name)
    if (typeof id === 'string' && id !== '') return id
    if (typeof id === 'number' || typeof id === 'bigint') return String(id)
    if (isObjectId(id)) return toHex(id)
  }
  return undefined
}

interface ObjectId {
  toHexString(): unknown
}

/** As MongoDB's driver has them under `_id`. */
const isObjectId = (id: unknown): id is ObjectId => typeof read(id, 'toHexString') === 'function'

function toHex(id: ObjectId): string | undefined {
  try {
    return String(id.toHexString())
  } catch {
    return undefined
  }
}
