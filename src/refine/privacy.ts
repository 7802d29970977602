/** What is kept of whom: addresses and ids of users. */
import { shortenIp, toOneForm } from './anonymise.ts'
import { toText } from './clean-text.ts'
import type { Cleaner } from './columns.ts'
import { toIpHash, toUserHash } from './pseudonyms.ts'
import { remembering } from './remembering.ts'

export interface PrivacyRules {
  readonly ip: 'truncate' | 'keep' | 'hash' | 'drop'
  readonly userIds: 'keep' | 'hash'
  /** Set where something is hashed. */
  readonly hashKey: string | undefined
}

const MAX_IP_CHARS = 64

/** Undefined for what is no address, whatever is kept. One to be hashed is whole until its tenant is known. */
export function createIpCleaner({ ip }: PrivacyRules): Cleaner {
  if (ip === 'drop') return () => undefined
  const keep = remembering(ip === 'truncate' ? shortenIp : toOneForm, (address) => address.length <= MAX_IP_CHARS)
  return (value) => (typeof value === 'string' ? keep(value) : undefined)
}

type Row = Record<string, unknown>

/** Puts a hash in the place of the address; undefined where it is not asked for. */
export function createIpHasher({ ip, hashKey = '' }: PrivacyRules): ((row: Row) => void) | undefined {
  if (ip !== 'hash') return undefined
  return (row) => {
    if (typeof row.source_ip === 'string') row.source_ip = toIpHash(hashKey, String(row.tenant_id), row.source_ip)
  }
}

/** Names under which JSON and prose hold ids of users: there they go, as nothing says whose tenant they are. */
export const USER_NAMES = ['userid', 'enduserid', 'onbehalfof', 'ofuser']

/** Puts hashes in the columns that name users; undefined where ids are kept. */
export function createUserHasher({
  userIds,
  hashKey = '',
}: PrivacyRules): ((draft: object, row: Row) => void) | undefined {
  if (userIds === 'keep') return undefined
  return (draft, row) => {
    const from = draft as Row
    const hash = (name: string): void => {
      const id = row[name] === undefined ? undefined : toText(from[name])
      if (id !== undefined && id !== '') row[name] = toUserHash(hashKey, String(row.tenant_id), id)
    }
    hash('user_id')
    hash('on_behalf_of')
    if (row.actor_type === 'user') hash('actor_id')
  }
}
