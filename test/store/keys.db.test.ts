import { expect, test } from '@jest/globals'
import type { Viewer } from '../../src/event/viewer.ts'
import { createKeyStore } from '../../src/store/keys.ts'
import { runSql } from '../../src/store/sql.ts'
import { createTokenSecrets } from '../../src/store/token-secrets.ts'
import { forEachDatabase } from '../kit/database.ts'
import { openTestStore } from '../kit/store.ts'

const admin: Viewer = { role: 'admin', tenant_id: 'acme' }
const other: Viewer = { role: 'admin', tenant_id: 'other' }
const HOUR_MS = 3_600_000

forEachDatabase((_label, open) => {
  const openKeys = async () => {
    const { orm } = await openTestStore(await open())
    let now = new Date('2026-11-21T10:00:00Z')
    const pass = (ms: number) => {
      now = new Date(now.getTime() + ms)
    }
    return { orm, pass, keys: createKeyStore(orm, () => now) }
  }

  test('a key is known by its text, of which the database has nothing', async () => {
    const { orm, keys } = await openKeys()
    const { id, key } = await keys.create(admin, { role: 'auditor', label: 'audit of 2026' })
    expect(await keys.verify(key)).toEqual({ role: 'auditor', tenant_id: 'acme', key_id: id })
    expect(await keys.verify(`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`)).toBeUndefined()
    const { rows } = await runSql(orm.em.fork(), 'select row_to_json(api_keys)::text as row from api_keys')
    expect(JSON.stringify(rows)).not.toContain(key.slice(`dbk_${id}_`.length))
  })

  test('keys are listed newest first, with what became of them, and without their text', async () => {
    const { keys, pass } = await openKeys()
    const first = await keys.create(admin, { role: 'user', user_id: 'alice' })
    await keys.create(other, { role: 'ingest' })
    pass(1_000)
    await keys.verify(first.key)
    const second = await keys.create(admin, { role: 'ingest', expires_at: '2027-01-01T00:00:00Z' })
    await keys.revoke(admin, second.id)
    expect(await keys.list(admin)).toEqual([
      {
        ...{ id: second.id, role: 'ingest', created_at: '2026-11-21T10:00:01.000Z' },
        ...{ expires_at: '2027-01-01T00:00:00.000Z', revoked_at: '2026-11-21T10:00:01.000Z' },
      },
      {
        ...{ id: first.id, role: 'user', user_id: 'alice', created_at: '2026-11-21T10:00:00.000Z' },
        last_used_at: '2026-11-21T10:00:01.000Z',
      },
    ])
  })

  test('a use is written down once an hour', async () => {
    const { keys, pass } = await openKeys()
    const { key } = await keys.create(admin, { role: 'ingest' })
    const lastUsed = async () => (await keys.list(admin))[0]?.last_used_at
    for (const ms of [0, HOUR_MS - 1]) {
      pass(ms)
      await keys.verify(key)
      expect(await lastUsed()).toBe('2026-11-21T10:00:00.000Z')
    }
    pass(1)
    await keys.verify(key)
    expect(await lastUsed()).toBe('2026-11-21T11:00:00.000Z')
  })

  test('a rotated key has another text at once, and the one before for as long as was asked', async () => {
    const { keys, pass } = await openKeys()
    const { id, key } = await keys.create(admin, { role: 'user', user_id: 'alice' })
    const second = await keys.rotate(admin, id, 0)
    expect(second).toMatchObject({ id, role: 'user', user_id: 'alice', rotated_at: '2026-11-21T10:00:00.000Z' })
    expect(await keys.verify(key)).toBeUndefined()
    const third = await keys.rotate(admin, id, 1_000)
    expect(await keys.verify(second?.key ?? '')).toMatchObject({ key_id: id })
    expect(await keys.verify(third?.key ?? '')).toMatchObject({ key_id: id })
    pass(1_000)
    expect(await keys.verify(second?.key ?? '')).toBeUndefined()
    expect(await keys.verify(third?.key ?? '')).toMatchObject({ key_id: id })
  })

  test('a revoked or expired key is refused, with the text before it, and can not be rotated', async () => {
    const { keys, pass } = await openKeys()
    const revoked = await keys.create(admin, { role: 'ingest' })
    const rotated = await keys.rotate(admin, revoked.id, HOUR_MS)
    await keys.revoke(admin, revoked.id)
    for (const key of [revoked.key, rotated?.key ?? '']) expect(await keys.verify(key)).toBeUndefined()
    expect(await keys.rotate(admin, revoked.id, 0)).toBeUndefined()

    const { id, key } = await keys.create(admin, { role: 'ingest', expires_at: '2026-11-21T10:00:01Z' })
    expect(await keys.verify(key)).toBeDefined()
    pass(1_000)
    expect(await keys.verify(key)).toBeUndefined()
    expect(await keys.rotate(admin, id, 0)).toBeUndefined()
  })

  test("another tenant's key can be neither rotated nor revoked", async () => {
    const { keys } = await openKeys()
    const { id, key } = await keys.create(admin, { role: 'ingest' })
    expect(await keys.rotate(other, id, 0)).toBeUndefined()
    expect(await keys.revoke(other, id)).toBeUndefined()
    expect(await keys.verify(key)).toBeDefined()
  })

  test('the secret of a tenant is made once, also by two at once, and is another after it was renewed', async () => {
    const { orm } = await openTestStore(await open())
    const secrets = createTokenSecrets(orm)
    expect(await secrets.find('acme')).toBeUndefined()
    const [one, two] = await Promise.all([secrets.make('acme'), secrets.make('acme')])
    expect([two, await secrets.find('acme'), await secrets.make('acme')]).toEqual([one, one, one])
    expect(await secrets.make('other')).not.toBe(one)
    await secrets.renew('acme')
    expect(await secrets.find('acme')).not.toBe(one)
  })
})
