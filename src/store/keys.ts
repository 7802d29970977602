/**
 * Keys of the API: `dbk_<id>_<secret>`. The id finds the row; of the secret only the SHA-256 is stored, which is enough
 * for 256 random bits, and it is compared in constant time.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { KeyStore } from '../event/ports.ts'
import type { Viewer } from '../event/viewer.ts'
import { ApiKey } from './entities/api-key.ts'
import { orFault } from './faults.ts'
import type { Orm } from './orm.ts'

const KEY = /^dbk_([a-z0-9]{16})_([A-Za-z0-9_-]{43})$/

export function createKeyStore(orm: Orm): KeyStore {
  return {
    async verify(text) {
      const [, id, secret] = KEY.exec(text) ?? []
      if (!id || !secret) return undefined
      const row = await orFault(() => orm.em.fork().findOne(ApiKey, { id, revoked_at: null }))
      return row && timingSafeEqual(Buffer.from(row.hash, 'hex'), toHash(secret)) ? toViewer(row) : undefined
    },
    async create(viewer, { role, user_id, label }) {
      const id = randomBytes(8).toString('hex')
      const secret = randomBytes(32).toString('base64url')
      const created = new Date()
      await orFault(async () => {
        const em = orm.em.fork()
        em.create(ApiKey, {
          id,
          hash: toHash(secret).toString('hex'),
          role,
          tenant_id: viewer.tenant_id,
          user_id: user_id ?? null,
          label: label ?? null,
          created_at: created,
        })
        await em.flush()
      })
      return {
        id,
        key: `dbk_${id}_${secret}`,
        role,
        ...(user_id ? { user_id } : {}),
        ...(label ? { label } : {}),
        created_at: created.toISOString(),
      }
    },
  }
}

const toHash = (secret: string): Buffer => createHash('sha256').update(secret).digest()

const toViewer = ({ role, tenant_id, user_id }: ApiKey): Viewer =>
  Object.freeze({ role, tenant_id, ...(user_id ? { user_id } : {}) })
