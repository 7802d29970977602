/** Keyed hashes in place of ids and addresses: the same one each time, and nothing that leads back without the key. */
import { createHmac } from 'node:crypto'
import { HASH_CHARS } from '../event/user-hash.ts'

const toHash = (key: string, parts: readonly string[]): string =>
  createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url').slice(0, HASH_CHARS)

/** The form in which a user's id is kept, another one in each tenant. */
export const toUserHash = (key: string, tenant_id: string, user_id: string): string =>
  `u_${toHash(key, ['user', tenant_id, user_id])}`

/** Likewise of an address. */
export const toIpHash = (key: string, tenant_id: string, address: string): string =>
  `ip_${toHash(key, ['ip', tenant_id, address])}`
