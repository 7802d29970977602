/** Keyed hashes in place of ids and addresses: the same one each time, and nothing that leads back without the key. */
import { createHmac } from 'node:crypto'

/** 132 bits: no two are the same by chance. */
const HASH_CHARS = 22

const toHash = (key: string, parts: readonly string[]): string =>
  createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url').slice(0, HASH_CHARS)

/** The form in which a user's id is kept, another one in each tenant. */
export const toUserHash = (key: string, tenant_id: string, user_id: string): string =>
  `u_${toHash(key, ['user', tenant_id, user_id])}`

/** Whether a text has that form. */
export const isUserHash = (text: string): boolean => USER_HASH.test(text)
const USER_HASH = new RegExp(`^u_[\\w-]{${HASH_CHARS}}$`)

/** Likewise of an address. */
export const toIpHash = (key: string, tenant_id: string, address: string): string =>
  `ip_${toHash(key, ['ip', tenant_id, address])}`
