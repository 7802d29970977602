/** Who looks, and what they may see. */
import { Fault } from './fault.ts'

export const ROLES = ['admin', 'auditor', 'user', 'ingest', 'anonymous'] as const
export type Role = (typeof ROLES)[number]

/** Someone who asks. Made by the API from a key or from the host's `authenticate`, never from what a caller claims. */
export interface Viewer {
  readonly role: Role
  readonly tenant_id: string
  /** Set for role user: whose rows they are. Of another role it says who it is. */
  readonly user_id?: string
  /** Projects of which the host's log-in says that they are a member, beside those that are kept here. */
  readonly projects?: readonly string[]
  /** Set for a viewer token: it reads, and no more than this. */
  readonly only?: Narrowing
  /** Of the key or token that was shown. */
  readonly key_id?: string
}

export interface Narrowing {
  readonly project_id?: string
  readonly session_id?: string
}

/** The rows that a viewer may see, each column with the value that it must have; each read narrows its query by it. */
export interface Scope extends Narrowing {
  readonly tenant_id: string
  readonly user_id?: string
  /** Not only the rows of `user_id`: all of `project_id`, while that user is a member of it. */
  readonly or_member?: true
  /** Columns that they may not see, nor learn about by asking for them. */
  readonly hides?: readonly string[]
}

export const ANONYMOUS: Viewer = Object.freeze({ role: 'anonymous', tenant_id: 'default' })

/** What a role does not see of the rows it may see: how we judge it, and what our machines look like inside. */
export const HIDDEN: Readonly<Partial<Record<Role, readonly string[]>>> = Object.freeze({
  user: Object.freeze(['host', 'risk_score', 'risk_factors', 'stack', 'detail']),
})

/**
 * `asked.project_id`: the project whose rows a user asks for, all of them if a member of it.
 * Throws Fault `forbidden` for a viewer who may see nothing.
 */
export function toScope(viewer: Viewer, asked: { readonly project_id?: string } = {}): Scope {
  const { role, tenant_id, user_id, projects = [], only } = viewer
  const project_id = asked.project_id ?? only?.project_id
  if (only?.project_id !== undefined && only.project_id !== project_id)
    throw new Fault('forbidden', 'This token is for another project.')
  const scope: Scope = { tenant_id, ...only, ...(project_id !== undefined && { project_id }) }
  if (role === 'admin' || role === 'auditor') return scope
  const narrow: Scope = { ...scope, hides: HIDDEN[role] ?? [] }
  if (role === 'user' && user_id) {
    if (project_id === undefined) return { ...narrow, user_id }
    return projects.includes(project_id) ? narrow : { ...narrow, user_id, or_member: true }
  }
  if (role === 'user' && user_id === undefined && isNarrowing(only)) return narrow
  throw new Fault('forbidden', 'Reading the event log needs a key of role user, auditor or admin.')
}

/** Without a user, a token is for something at least. */
const isNarrowing = (only: Narrowing | undefined): boolean => !!(only?.project_id || only?.session_id)

/**
 * To filter, sort, group, count or search by a column is to learn what is in it: each name of a column that a query brings
 * passes here. Throws Fault `invalid_request`.
 */
export function checkSeen({ hides = [] }: Scope, column: string): void {
  if (hides.includes(column)) throw new Fault('invalid_request', `${column}: there is no such field.`)
}

/** What of a row the viewer may see. Every row that leaves the store passes here. */
export function toSeen<Row extends object>({ hides = [] }: Pick<Scope, 'hides'>, row: Row): Row {
  if (!hides.some((column) => Object.hasOwn(row, column))) return row
  return Object.fromEntries(Object.entries(row).filter(([column]) => !hides.includes(column))) as Row
}
