/** Who looks, and what they may see. */
import { Fault } from './fault.ts'

export const ROLES = ['admin', 'user', 'anonymous'] as const
export type Role = (typeof ROLES)[number]

/** Someone who asks. Made by the API from a key or from the host's `authenticate`, never from what a caller claims. */
export interface Viewer {
  readonly role: Role
  readonly tenant_id: string
  /** Set for role user: whose rows they are. */
  readonly user_id?: string
}

/** The rows that a viewer may see; each read narrows its query by it. */
export interface Scope {
  readonly tenant_id: string
  readonly user_id?: string
}

export const ANONYMOUS: Viewer = Object.freeze({ role: 'anonymous', tenant_id: 'default' })

/** Throws Fault `forbidden` for a viewer who may see nothing. */
export function toScope(viewer: Viewer): Scope {
  if (viewer.role === 'admin') return { tenant_id: viewer.tenant_id }
  if (viewer.role === 'user' && viewer.user_id) return { tenant_id: viewer.tenant_id, user_id: viewer.user_id }
  throw new Fault('forbidden', 'Reading the event log needs a key of role user or admin.')
}
