/** Who asks: known to the host's `authenticate`, or by a key; else anonymous. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Request } from 'express'
import type { Options } from '../config/options.ts'
import { Fault } from '../event/fault.ts'
import type { KeyStore } from '../event/ports/access.ts'
import { ANONYMOUS, ROLES, type Role, type Viewer } from '../event/viewer.ts'
import type { NoteKey } from './key-checks.ts'
import type { Tokens } from './tokens.ts'

export interface ViewerOptions {
  /** Accepted as admin, without a look at the database. */
  readonly adminKey?: string | undefined
  readonly authenticate?: Options['authenticate']
  readonly keys: Pick<KeyStore, 'verify'>
  readonly tokens: Pick<Tokens, 'verify'>
  readonly noteKey: NoteKey
}

const DEFAULT_TENANT = 'default'
const MAX_KEY_CHARS = 512

/** Throws Fault `unauthenticated` for a key that is given but wrong. */
export function createViewerOf(options: ViewerOptions): (req: Request) => Promise<Viewer> {
  const { authenticate, keys, tokens, noteKey } = options
  const adminDigest = options.adminKey ? toDigest(options.adminKey) : undefined
  // Digests are of one length, and say nothing of how much of a guess was right.
  const isAdminKey = (key: string): boolean => !!adminDigest && timingSafeEqual(toDigest(key), adminDigest)
  const toViewer = async (key: string): Promise<Viewer | undefined> => {
    if (isAdminKey(key)) return { role: 'admin', tenant_id: DEFAULT_TENANT, key_id: 'admin-key' }
    if (key.includes('.')) return await tokens.verify(key)
    return key.length <= MAX_KEY_CHARS ? await keys.verify(key) : undefined
  }
  return async (req) => {
    const known = authenticate && (await toKnown(req, authenticate))
    if (known) return known
    const key = toKey(req)
    if (key === undefined) return ANONYMOUS
    const viewer = await toViewer(key)
    noteKey(req, key, viewer)
    if (viewer) return viewer
    throw new Fault('unauthenticated', 'This key is not known here. Check it, or ask an admin for a new one.')
  }
}

/** Throws Fault `forbidden` for a viewer whose role is not among these. */
export function checkRole({ role }: Viewer, roles: readonly Role[]): void {
  if (roles.includes(role)) return
  const advice =
    role === 'anonymous'
      ? 'Give a key in X-API-Key or as bearer token'
      : `This needs a key of role ${roles.join(' or ')}`
  throw new Fault('forbidden', `${advice}.`)
}

/** Throws Fault `forbidden` for a viewer token. */
export function checkMayWrite({ only }: Viewer): void {
  if (only) throw new Fault('forbidden', 'A viewer token only reads. This needs a key.')
}

const toDigest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Whether a key or token is shown, right or wrong. */
export const isShown = (req: Request): boolean => toKey(req) !== undefined

function toKey(req: Request): string | undefined {
  const given = req.get('x-api-key')?.trim()
  if (given) return given
  return /^bearer +(\S+) *$/i.exec(req.get('authorization') ?? '')?.[1]
}

type Authenticate = NonNullable<Options['authenticate']>

/** Whatever the host's function throws is no answer to "who is this", so that nobody gets in by it. */
async function toKnown(req: Request, authenticate: Authenticate): Promise<Viewer | undefined> {
  const known = await Promise.resolve()
    .then(() => authenticate(req))
    .catch((error: unknown) => {
      throw new Fault('unexpected', 'options.authenticate threw.', { cause: error })
    })
  if (known === undefined || known === null) return undefined
  const { role, user_id, tenant_id = DEFAULT_TENANT, projects = [] } = known
  const hasUser = typeof user_id === 'string' && user_id !== ''
  if (!GRANTED.includes(role) || !isNames(projects) || (role === 'user' && !hasUser))
    throw new Fault(
      'unexpected',
      'options.authenticate must answer role admin, auditor, ingest, or user with a user_id; projects are a list of names.',
    )
  return { role, tenant_id, ...(hasUser && { user_id }), ...(projects.length > 0 && { projects }) }
}

const GRANTED: readonly Role[] = ROLES.filter((role) => role !== 'anonymous')

const isNames = (value: unknown): boolean => Array.isArray(value) && value.every((name) => typeof name === 'string')
