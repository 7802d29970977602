/**
 * Keys of the API: `dbk_<id>_<secret>`. The id finds the row; of the secret only the SHA-256 is stored, which is enough
 * for 256 random bits, and it is compared in constant time.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { toShortId } from '../event/id.ts'
import type { KeyRow, KeyStore } from '../event/ports/access.ts'
import type { Viewer } from '../event/viewer.ts'
import { ApiKey } from './entities/api-key.ts'
import { orFault } from './faults.ts'
import type { Em, Orm } from './orm.ts'

const KEY = /^dbk_([a-z0-9]{16})_([A-Za-z0-9_-]{43})$/
/** Most keys that are listed. */
const MAX_LISTED = 1_000
/** A use is written down this often: a write for each request would cost more than the request. */
const USE_MS = 3_600_000

export function createKeyStore(orm: Orm, now: () => Date = () => new Date()): KeyStore {
  const withEm = <T>(work: (em: Em) => Promise<T>): Promise<T> => orFault(() => work(orm.em.fork()))
  return {
    async verify(text) {
      const [, id, secret] = KEY.exec(text) ?? []
      if (!id || !secret) return undefined
      const row = await withEm((em) => em.findOne(ApiKey, { id, revoked_at: null }))
      if (!row || !isSecretOf(row, secret, now())) return undefined
      await noteUse(orm.em.fork(), row, now())
      return toViewer(row)
    },
    create: (viewer, { role, user_id, label, expires_at }) =>
      withEm(async (em) => {
        const secret = toSecret()
        const row = em.create(ApiKey, {
          id: toShortId(),
          hash: toHash(secret),
          role,
          tenant_id: viewer.tenant_id,
          user_id: user_id ?? null,
          label: label ?? null,
          created_at: now(),
          expires_at: expires_at === undefined ? null : new Date(expires_at),
        })
        await em.flush()
        return toShown(row, secret)
      }),
    list: ({ tenant_id }) =>
      withEm(async (em) => {
        const orderBy = { created_at: 'desc', id: 'desc' } as const
        return (await em.find(ApiKey, { tenant_id }, { orderBy, limit: MAX_LISTED })).map(toRow)
      }),
    rotate: ({ tenant_id }, id, overlapMs) =>
      withEm(async (em) => {
        const row = await em.findOne(ApiKey, { id, tenant_id, revoked_at: null })
        if (!row || hasExpired(row, now())) return undefined
        const secret = toSecret()
        const rotated_at = now()
        const previous =
          overlapMs > 0
            ? { previous_hash: row.hash, previous_until: new Date(rotated_at.getTime() + overlapMs) }
            : { previous_hash: null, previous_until: null }
        em.assign(row, { ...previous, hash: toHash(secret), rotated_at })
        await em.flush()
        return toShown(row, secret)
      }),
    revoke: ({ tenant_id }, id) =>
      withEm(async (em) => {
        const row = await em.findOne(ApiKey, { id, tenant_id })
        if (!row) return undefined
        em.assign(row, { revoked_at: row.revoked_at ?? now(), previous_hash: null, previous_until: null })
        await em.flush()
        return toRow(row)
      }),
  }
}

const toSecret = (): string => randomBytes(32).toString('base64url')
const toDigest = (secret: string): Buffer => createHash('sha256').update(secret).digest()
const toHash = (secret: string): string => toDigest(secret).toString('hex')

const hasExpired = ({ expires_at }: ApiKey, now: Date): boolean => !!expires_at && expires_at <= now

function isSecretOf(row: ApiKey, secret: string, now: Date): boolean {
  const isLive = !!row.previous_until && row.previous_until > now
  const hashes = [row.hash, ...(row.previous_hash && isLive ? [row.previous_hash] : [])]
  const digest = toDigest(secret)
  return !hasExpired(row, now) && hashes.some((hash) => timingSafeEqual(Buffer.from(hash, 'hex'), digest))
}

/** A database that can be read and not written still knows its keys. */
async function noteUse(em: Em, { id, last_used_at }: ApiKey, now: Date): Promise<void> {
  if (last_used_at && now.getTime() - last_used_at.getTime() < USE_MS) return
  await em.nativeUpdate(ApiKey, { id }, { last_used_at: now }).catch(() => undefined)
}

const toViewer = ({ id, role, tenant_id, user_id }: ApiKey): Viewer =>
  Object.freeze({ role, tenant_id, ...(user_id ? { user_id } : {}), key_id: id })

const toShown = (row: ApiKey, secret: string) => ({ ...toRow(row), key: `dbk_${row.id}_${secret}` })

function toRow({ id, role, user_id, label, ...times }: ApiKey): KeyRow {
  const { created_at, expires_at, rotated_at, last_used_at, revoked_at } = times
  const set = Object.entries({ expires_at, rotated_at, last_used_at, revoked_at }).flatMap(([name, time]) =>
    time ? [[name, time.toISOString()]] : [],
  )
  return {
    id,
    role,
    ...(user_id ? { user_id } : {}),
    ...(label ? { label } : {}),
    created_at: created_at.toISOString(),
    ...Object.fromEntries(set),
  }
}
