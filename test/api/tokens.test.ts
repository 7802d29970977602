import { createHmac } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { createTokens } from '../../src/api/tokens.ts'
import { createHouse } from './ask.ts'
import { createMemoryParts } from './parts.ts'

const HOUR_MS = 3_600_000
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (text = ''): object => JSON.parse(Buffer.from(text, 'base64url').toString())

function createClocked() {
  let now = Date.parse('2026-11-21T10:00:00Z')
  const { tokenSecrets: secrets } = createMemoryParts()
  const tokens = createTokens({ secrets, pepper: 'of this machine', nowMs: () => now })
  const pass = (ms: number) => {
    now += ms
  }
  return { secrets, tokens, pass }
}

describe('a viewer token', () => {
  test('says who may see what, until it ends', async () => {
    const { tokens, pass } = createClocked()
    const made = await tokens.make({ tenant_id: 'acme', user_id: 'alice', session_id: 's-1' }, HOUR_MS)
    expect(made.expires_at).toBe('2026-11-21T11:00:00.000Z')
    expect(made.id).toMatch(/^a[0-9a-f]{15}$/)
    const viewer = { role: 'user', tenant_id: 'acme', user_id: 'alice', only: { session_id: 's-1' }, key_id: made.id }
    pass(HOUR_MS - 1)
    expect(await tokens.verify(made.token)).toEqual(viewer)
    pass(1)
    expect(await tokens.verify(made.token)).toBeUndefined()
  })

  test('is refused when any one of its characters is another', async () => {
    const { tokens } = createClocked()
    const { token } = await tokens.make({ tenant_id: 'acme', project_id: 'apollo' }, HOUR_MS)
    for (let at = 0; at < token.length; at++) {
      for (const other of ['A', 'z', '.', '=']) {
        if (token[at] === other) continue
        const changed = token.slice(0, at) + other + token.slice(at + 1)
        // The last character has two bits that say nothing: the signature is the same.
        if (at === token.length - 1 && Buffer.from(changed, 'base64url').equals(Buffer.from(token, 'base64url')))
          continue
        expect([at, other, await tokens.verify(changed)]).toEqual([at, other, undefined])
      }
    }
  })

  test('is refused when it brings a way of its own to be checked, or another secret has signed it', async () => {
    const { secrets, tokens } = createClocked()
    const { token } = await tokens.make({ tenant_id: 'acme', project_id: 'apollo' }, HOUR_MS)
    const [header = '', body = '', signature = ''] = token.split('.')
    const claims = { ...decode(body), project_id: 'gemini' }
    const none = `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}`
    const forged = `${header}.${encode(claims)}`
    const secret = (await secrets.find('acme')) ?? ''
    const withoutPepper = createHmac('sha256', createHmac('sha256', '').update(secret).digest())
    const tries = [
      ...[`${none}.`, `${none}.${signature}`, `${forged}.${signature}`, `${header}.${body}.`, `${header}.${body}`],
      `${forged}.${createHmac('sha256', secret).update(forged).digest('base64url')}`,
      `${forged}.${withoutPepper.update(forged).digest('base64url')}`,
      ...[`${header}.${encode({ iss: 7, exp: 1e12 })}.${signature}`, `${header}.AAAA.${signature}`, 'a.b.c', '...'],
    ]
    for (const attempt of tries) expect([attempt, await tokens.verify(attempt)]).toEqual([attempt, undefined])
  })

  test('ends with all others of its tenant, and of no other', async () => {
    const { tokens } = createClocked()
    const [one, other] = await Promise.all(
      ['acme', 'other'].map((tenant_id) => tokens.make({ tenant_id, project_id: 'apollo' }, HOUR_MS)),
    )
    await tokens.end('acme')
    expect(await tokens.verify(one?.token ?? '')).toBeUndefined()
    expect(await tokens.verify(other?.token ?? '')).toBeDefined()
    const next = await tokens.make({ tenant_id: 'acme', project_id: 'apollo' }, HOUR_MS)
    expect(await tokens.verify(next.token)).toBeDefined()
  })
})

describe('over HTTP', () => {
  const withToken = (house: ReturnType<typeof createHouse>, token: string) => (method: 'get' | 'post', path: string) =>
    house.ask(method, path, 'anonymous').set('authorization', `Bearer ${token}`)

  test('an admin makes one for a project, a session or a user, and it reads no more than that', async () => {
    const house = createHouse()
    house.log(
      { event_type: 'A', user_id: 'alice', project_id: 'apollo', session_id: 's-1' },
      { event_type: 'B', user_id: 'bob', project_id: 'apollo', session_id: 's-2' },
      { event_type: 'C', user_id: 'bob', project_id: 'gemini', session_id: 's-2' },
    )
    const cases = [
      [{ project_id: 'apollo' }, ['A', 'B']],
      [{ session_id: 's-2' }, ['B', 'C']],
      [{ user_id: 'bob' }, ['B', 'C']],
      [{ project_id: 'apollo', session_id: 's-2' }, ['B']],
    ] as const
    for (const [asked, seen] of cases) {
      const { body } = await house.post('/viewer-tokens', asked).expect(201)
      expect(body).toEqual({ ...asked, token: expect.any(String), expires_at: expect.any(String) })
      const page = await withToken(house, body.token)('get', '/events').expect(200)
      expect(page.body.events.map(({ event_type }: { event_type: string }) => event_type).sort()).toEqual(seen)
      const elsewhere = await withToken(house, body.token)('get', '/events?user_id=carol').expect(200)
      expect(elsewhere.body.total).toBe(0)
    }
  })

  test('it writes nothing, and makes no other token', async () => {
    const house = createHouse()
    const { body } = await house.post('/viewer-tokens', { user_id: 'alice' }).expect(201)
    const ask = withToken(house, body.token)
    const before = house.parts.drafts.length
    for (const path of ['/events', '/errors', '/viewer-tokens', '/v1/traces', '/v1/logs'])
      await ask('post', path).set('content-type', 'application/json').send('{}').expect(403)
    await ask('get', '/admin/keys').expect(403)
    expect(house.parts.drafts).toHaveLength(before)
  })

  test('a user makes them for itself only', async () => {
    const { post } = createHouse()
    const { body } = await post('/viewer-tokens', { session_id: 's-1' }, 'user').expect(201)
    expect(body).toMatchObject({ session_id: 's-1', user_id: 'alice' })
    await post('/viewer-tokens', { user_id: 'alice' }, 'user').expect(201)
    await post('/viewer-tokens', { user_id: 'bob' }, 'user').expect(403)
  })

  test('it is for something, ends within a day, and is told of as an event without its text', async () => {
    const { post, parts } = createHouse()
    await post('/viewer-tokens', {}).expect(400)
    await post('/viewer-tokens', { expires_in_s: 900 }).expect(400)
    await post('/viewer-tokens', { session_id: 's-1', expires_in_s: 86_401 }).expect(400)
    const { body } = await post('/viewer-tokens', { session_id: 's-1', expires_in_s: 900 }).expect(201)
    const leftMs = Date.parse(body.expires_at) - Date.now()
    expect(leftMs).toBeGreaterThan(880_000)
    expect(leftMs).toBeLessThanOrEqual(901_000)
    expect(parts.drafts).toMatchObject([{ event_type: 'PERMISSION_CHANGED', entity_type: 'viewer_token' }])
    expect(JSON.stringify(parts.drafts)).not.toContain(body.token.split('.')[2])
  })

  test('after all were ended it is refused', async () => {
    const house = createHouse()
    const { body } = await house.post('/viewer-tokens', { session_id: 's-1' }).expect(201)
    await withToken(house, body.token)('get', '/events').expect(200)
    await house.ask('delete', '/viewer-tokens').expect(204)
    await withToken(house, body.token)('get', '/events').expect(401)
    expect(house.parts.drafts.at(-1)).toMatchObject({ action_description: 'All viewer tokens were ended' })
  })
})
