/** To be taken for somebody: guessed keys, pages that ask in the name of who looks at them, and claims. */
import { describe, expect, test } from '@jest/globals'
import { createViewerOf } from '../../src/api/viewer.ts'
import { serve } from '../../src/service.ts'
import { createHouse } from '../api/ask.ts'
import { ADMIN_KEY, ALICE_KEY, createMemoryParts, KEY_ID } from '../api/parts.ts'
import { createTestFolder } from '../kit/folder.ts'

const KEY_CHARS = 4_096
const RIGHT = 'k'.repeat(KEY_CHARS)
/** Wrong from the first letter on, and in the last one only. */
const GUESSES = [`x${RIGHT.slice(1)}`, `${RIGHT.slice(0, -1)}x`] as const
const PROBES = 2_000

/** Medians of the processor's time for the one and the other, taken turn about. */
async function timesOf(probe: (guess: string) => unknown): Promise<readonly number[]> {
  const times: number[][] = [[], []]
  for (let n = 0; n < PROBES; n++)
    for (const [at, guess] of GUESSES.entries()) {
      const start = process.hrtime.bigint()
      await probe(guess)
      times[at]?.push(Number(process.hrtime.bigint() - start))
    }
  return times.map((all) => all.sort((a, b) => a - b)[PROBES / 2] ?? 0)
}

const isSame = (text: string, other: string): boolean => {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) !== other.charCodeAt(at)) return false
  return text.length === other.length
}

test('how long a wrong key takes does not say how much of it is right', async () => {
  const { keys } = createMemoryParts()
  const viewerOf = createViewerOf({
    adminKey: RIGHT,
    keys,
    tokens: { verify: async () => undefined },
    noteKey: () => undefined,
  })
  const reqOf = (key: string) => ({ get: (name: string) => (name === 'x-api-key' ? key : undefined) }) as never
  const ask = (key: string) => viewerOf(reqOf(key)).catch(() => undefined)
  expect([await ask(RIGHT), await ask(GUESSES[0])]).toMatchObject([{ role: 'admin' }, undefined])
  const [first = 0, last = 0] = await timesOf(ask)
  expect(last / first).toBeGreaterThan(0.7)
  expect(last / first).toBeLessThan(1.4)
  // The control: letter by letter it would.
  const [early = 1, late = 0] = await timesOf((guess) => isSame(RIGHT, guess))
  expect(late / early).toBeGreaterThan(3)
})

test.each([
  ['shorter', ADMIN_KEY.slice(0, -1)],
  ['longer', `${ADMIN_KEY}x`],
  ['one letter', 'x'],
  ['as long as 8,000 letters', 'x'.repeat(8_000)],
  ['of many bytes a letter', Buffer.from('ключ').toString('latin1')],
  ['with a dot, as tokens have', 'a.b.c'],
  ['almost one of the database', `dbk_${KEY_ID}_${'x'.repeat(43)}`],
  ['the word of a prototype', '__proto__'],
])('a key that is %s is a 401, and no other answer', async (_, key) => {
  const { ask, parts } = createHouse()
  const bySchemes = [{ 'x-api-key': key }, { authorization: `Bearer ${key}` }]
  for (const headers of bySchemes) await ask('get', '/events', 'anonymous').set(headers).expect(401)
  expect(parts.errorDrafts).toEqual([])
})

test('a key in the address is no key, and is in no event, error or read of ours', async () => {
  const house = createHouse({ readsOnRecord: true, systemEvents: true })
  for (const name of ['token', 'api_key', 'key', 'access_token', 'authorization', 'x-api-key'])
    for (const path of ['/events', '/events/stream', '/events/export', '/files', '/metrics']) {
      await house.get(`${path}?${name}=${ADMIN_KEY}`, 'anonymous').expect(403)
      const { status, text } = await house.get(`${path}?${name}=${ALICE_KEY}`, 'admin')
      expect([path, status, text.includes(ALICE_KEY)]).toEqual([path, 400, false])
    }
  const elsewhere = { 'x-forwarded-for': '10.0.0.1', 'content-type': 'application/json' }
  await house.ask('post', `/v1/traces?token=${ADMIN_KEY}`, 'anonymous').set(elsewhere).send('{}').expect(403)
  const { drafts, errorDrafts, keyChecks, reads } = house.parts
  expect(JSON.stringify([drafts, errorDrafts, keyChecks, reads])).not.toMatch(new RegExp(`${ADMIN_KEY}|${ALICE_KEY}`))
})

test('a server that other machines can reach does not start without a key of its owner', async () => {
  const dir = createTestFolder()
  await expect(serve({ host: '0.0.0.0', port: 0, options: { dir } })).rejects.toMatchObject({ code: 'host_needs_keys' })
})

test('no key is known before one is made: there is none that all of us have', async () => {
  const { ask } = createHouse({ adminKey: undefined })
  for (const key of [
    'admin',
    'password',
    'daybook',
    'changeme',
    'default',
    'null',
    'undefined',
    'dbk_admin_',
    'secret',
  ])
    await ask('get', '/events', 'anonymous').set('x-api-key', key).expect(401)
})

const EVIL = 'https://evil.example'
const CROSS: readonly (readonly [what: string, headers: Readonly<Record<string, string>>])[] = [
  ['another site', { 'sec-fetch-site': 'cross-site', origin: EVIL }],
  ['another host of this site', { 'sec-fetch-site': 'same-site', origin: 'https://a.here' }],
  ['another site, by an old browser', { origin: EVIL }],
  ['a frame without an origin', { origin: 'null' }],
  ['another port', { origin: 'http://here:81' }],
]
/** What changes something, with a body as each of them takes it. */
const WRITES = [
  ['post', '/events', { event_type: 'A' }],
  ['post', '/admin/keys', { role: 'admin' }],
  ['post', `/admin/keys/${KEY_ID}/rotate`, undefined],
  ['delete', `/admin/keys/${KEY_ID}`, undefined],
  ['post', '/viewer-tokens', { session_id: 's-1' }],
  ['delete', '/viewer-tokens', undefined],
  ['post', '/admin/prune', { dry_run: false }],
  ['post', '/admin/holds', { user_id: 'bob', reason: 'x' }],
  ['put', '/admin/projects/apollo/members/eve', undefined],
  ['delete', '/admin/projects/apollo/members/bob', undefined],
] as const

describe('where the log-in of the host goes by cookies', () => {
  const open = () => createHouse({ authenticate: (req) => (req.get('cookie') ? { role: 'admin' } : undefined) })
  const page = { host: 'here', cookie: 'session=of-an-admin' }

  test.each(CROSS)('a page of %s changes nothing in the name of who looks at it', async (_, headers) => {
    const house = open()
    for (const [method, path, body] of WRITES) {
      const { status } = await house
        .ask(method, path, 'anonymous')
        .set({ ...page, ...headers })
        .send(body)
      expect({ path, status }).toEqual({ path, status: 403 })
      // As a form sends it, which asks nobody before.
      const form = { ...page, ...headers, 'content-type': 'application/x-www-form-urlencoded' }
      expect((await house.ask(method, path, 'anonymous').set(form).send('a=1')).status).toBe(403)
    }
    expect(house.parts.drafts).toEqual([])
  })

  test.each(CROSS)('a page of %s is let read no answer', async (_, headers) => {
    const house = open()
    for (const path of ['/events', '/events/export', '/admin/keys']) {
      for (const method of ['get', 'options'] as const) {
        const { headers: said } = await house.ask(method, path, 'anonymous').set({ ...page, ...headers })
        expect(Object.keys(said).filter((name) => name.startsWith('access-control'))).toEqual([])
        expect(said['cross-origin-resource-policy']).toBe('same-origin')
      }
    }
  })

  test('the control: the page of Daybook itself may do all of it', async () => {
    const house = open()
    for (const headers of [{ 'sec-fetch-site': 'same-origin', origin: 'http://here' }, { origin: 'http://here' }, {}])
      for (const [method, path, body] of WRITES) {
        const { status } = await house
          .ask(method, path, 'anonymous')
          .set({ ...page, ...headers })
          .send(body)
        expect({ path, isDone: status < 300 || status === 404 }).toEqual({ path, isDone: true })
      }
  })

  test('a program with a key is asked for no origin', async () => {
    await open().ask('post', `/admin/keys/${KEY_ID}/rotate`, 'admin').set({ host: 'here', origin: EVIL }).expect(200)
  })
})

test('who asks for what its role may not is on record, with the operation', async () => {
  const { ask, get, post, parts } = createHouse({ mount: '/daybook' })
  // The same again is not said twice in a minute.
  for (const role of ['admin', 'auditor']) await post('/admin/keys', { role }, 'user').expect(403)
  await ask('delete', '/viewer-tokens', 'auditor').set('user-agent', 'curl').expect(403)
  await get('/events', 'ingest').expect(403)
  await get('/events', 'anonymous').expect(403)
  expect(parts.keyChecks).toMatchObject([
    {
      event_type: 'AUTH_FAILURE',
      action_description: 'Role user was refused createKey',
      ...{ outcome: 'denied', status_code: 403, user_id: 'alice', method: 'POST', path: '/daybook/admin/keys' },
    },
    { action_description: 'Role auditor was refused endViewerTokens', actor_id: 'of-the-auditor', user_agent: 'curl' },
    { action_description: 'Role ingest was refused findEvents', tenant_id: 'default' },
  ])
  expect(parts.keyChecks).toHaveLength(3)
})

test('the tenant is that of the key, whatever headers, baggage and bodies claim', async () => {
  const house = createHouse()
  const claims = {
    ...{ 'x-tenant': 'acme', 'x-tenant-id': 'acme', tenant_id: 'acme', 'x-scope-orgid': 'acme' },
    ...{ baggage: 'tenant_id=acme,tenant.id=acme', tracestate: 'tenant=acme' },
  }
  house.log({ event_type: 'OF_ACME', tenant_id: 'acme', user_id: 'alice' }, { event_type: 'OWN', user_id: 'alice' })
  for (const who of ['admin', 'user'] as const) {
    const { body } = await house.ask('get', '/events', who).set(claims).expect(200)
    expect(body.events.map((event: { event_type: string }) => event.event_type)).toEqual(['OWN'])
    await house.get('/events?tenant_id=acme', who).expect(400)
  }
  const claimed = { event_type: 'SENT', tenant_id: 'acme', metadata: { tenant_id: 'acme' } }
  await house.ask('post', '/events').set(claims).send(claimed).expect(202)
  await house.ask('post', '/events', 'user').set(claims).send([claimed]).expect(202)
  await house
    .ask('post', '/errors')
    .set(claims)
    .send({ message: 'm', detail: { tenant_id: 'acme' } })
    .expect(202)
  const sent = house.parts.drafts.filter(({ event_type }) => event_type === 'SENT')
  expect(sent.map(({ tenant_id }) => tenant_id)).toEqual(['default', 'default'])
  expect(house.parts.errorDrafts).toMatchObject([{ tenant_id: 'default' }])
  // The control: the tenant that the host's log-in names is obeyed.
  const acme = createHouse({ parts: house.parts, authenticate: () => ({ role: 'admin', tenant_id: 'acme' }) })
  expect((await acme.get('/events')).body.events).toMatchObject([{ event_type: 'OF_ACME' }])
})
