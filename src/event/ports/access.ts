/** Who may ask: keys, members, and what signs tokens. */
import type { Role, Viewer } from '../viewer.ts'

export interface NewKey {
  readonly role: Exclude<Role, 'anonymous'>
  readonly user_id?: string
  readonly label?: string
  /** ISO 8601; never when left out. */
  readonly expires_at?: string
}

export interface KeyRow extends NewKey {
  readonly id: string
  readonly created_at: string
  readonly rotated_at?: string
  /** To the hour. */
  readonly last_used_at?: string
  readonly revoked_at?: string
}

export type ShownKey = KeyRow & { readonly key: string }

export interface KeyStore {
  /** The viewer of a key; undefined for a key that was never made, is revoked or has expired. */
  verify(key: string): Promise<Viewer | undefined>
  /** Makes a key; its text is given this once and only its hash is kept. */
  create(viewer: Viewer, key: NewKey): Promise<ShownKey>
  /** Keys of the viewer's tenant, newest first. */
  list(viewer: Viewer): Promise<readonly KeyRow[]>
  /** Gives the key another text; the one before is taken for so long. Undefined where there is no such key in use. */
  rotate(viewer: Viewer, id: string, overlapMs: number): Promise<ShownKey | undefined>
  /** The key is refused from now on, also one that is already. Undefined where there is no such key. */
  revoke(viewer: Viewer, id: string): Promise<KeyRow | undefined>
}

export interface Member {
  readonly user_id: string
  readonly since: string
}

/** Who is a member of which project of the viewer's tenant. */
export interface MemberStore {
  list(viewer: Viewer, project_id: string): Promise<readonly Member[]>
  /** A member already keeps its `since`. */
  add(viewer: Viewer, project_id: string, user_id: string): Promise<Member>
  /** False when there was no such member. */
  remove(viewer: Viewer, project_id: string, user_id: string): Promise<boolean>
}

/** What signs the viewer tokens of a tenant. Made when it is first asked for. */
export interface TokenSecrets {
  /** Undefined for a tenant that has made no token yet. */
  find(tenant_id: string): Promise<string | undefined>
  make(tenant_id: string): Promise<string>
  /** Ends every token of the tenant. */
  renew(tenant_id: string): Promise<void>
}
