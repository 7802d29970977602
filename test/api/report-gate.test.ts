/** `POST /errors`: who may report, and how often. */
import { describe, expect, test } from '@jest/globals'
import { createHouse, expectProblem, type House } from './ask.ts'

const SHOP = 'https://shop.example'
const REPORT = { message: 'x is not a function' }

/** As a page's script sends it. */
const from = (house: House, headers: Record<string, string>, path = '/errors') =>
  house.ask('post', path, 'anonymous').set(headers).send(REPORT)

describe('where a report comes from', () => {
  const OWN = [
    ['no page', {}],
    ['this origin', { 'sec-fetch-site': 'same-origin', origin: 'http://here', host: 'here' }],
    ['this origin, behind a proxy that changes the host', { 'sec-fetch-site': 'same-origin', origin: SHOP }],
    ['this host, over plain HTTP', { origin: 'http://here:8080', host: 'here:8080' }],
    ['this host, behind a proxy that ends TLS', { origin: 'https://here', host: 'here' }],
  ] as const
  const FOREIGN = [
    ['another site', { 'sec-fetch-site': 'cross-site', origin: SHOP }],
    ['another site that takes our name', { 'sec-fetch-site': 'cross-site', origin: 'http://here', host: 'here' }],
    ['another host of this site', { 'sec-fetch-site': 'same-site', origin: 'https://a.here', host: 'here' }],
    ['another site, over plain HTTP', { origin: 'http://shop.example', host: 'here' }],
    ['another port, over plain HTTP', { origin: 'http://here:81', host: 'here' }],
    ['a page without an origin', { origin: 'null', host: 'here' }],
    ['an origin that is none', { origin: 'here', host: 'here' }],
  ] as const

  test.each(OWN)('%s is let in, without a CORS header', async (_, headers) => {
    const { headers: said } = await from(createHouse(), headers).expect(202)
    expect(Object.keys(said).filter((name) => /^(access-control|vary)/.test(name))).toEqual([])
  })

  test.each(FOREIGN)('%s is refused, also with a key and by the second address', async (_, headers) => {
    const house = createHouse({ reports: { origins: ['https://other.example'] } })
    for (const path of ['/errors', '/api/errors']) {
      const answer = await from(house, headers, path).expect(403)
      expectProblem(answer, { code: 'forbidden', detail: expect.stringContaining('errorOrigins') })
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
    }
    await house.ask('post', '/errors', 'admin').set(headers).send(REPORT).expect(403)
    expect(house.parts.errorDrafts).toEqual([])
  })

  test('an origin in the list is let in, and may read each answer', async () => {
    const house = createHouse({ reports: { origins: [SHOP], perAddress: 1 } })
    const page = { origin: SHOP, 'sec-fetch-site': 'cross-site' }
    const wrong = await house.ask('post', '/errors', 'wrong key').set(page).send(REPORT).expect(401)
    const good = await from(house, page).expect(202)
    const late = await from(house, page).expect(429)
    for (const { headers } of [wrong, good, late])
      expect(headers).toMatchObject({ 'access-control-allow-origin': SHOP, vary: 'Origin' })
    for (const { headers } of [wrong, good, late])
      expect(headers).not.toHaveProperty('access-control-allow-credentials')
  })

  test('an origin in the list may not read anything else', async () => {
    const house = createHouse({ reports: { origins: [SHOP] } })
    for (const path of ['/errors', '/events', '/healthz']) {
      const { headers } = await house.get(path).set('origin', SHOP)
      expect(headers).not.toHaveProperty('access-control-allow-origin')
    }
  })

  test('a preflight is answered for this address and origins of the list only', async () => {
    const house = createHouse({ reports: { origins: [SHOP] } })
    const ask = (path: string, origin: string, of = house) =>
      of.ask('options', path, 'anonymous').set({ origin, 'access-control-request-method': 'POST' })
    for (const path of ['/errors', '/api/errors']) {
      const { headers, text } = await ask(path, SHOP).expect(204)
      expect(text).toBe('')
      expect(headers).toMatchObject({
        'access-control-allow-origin': SHOP,
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': expect.stringMatching(/Content-Type/),
        vary: 'Origin',
      })
      const { headers: ofOthers } = await ask(path, 'https://evil.example').expect(204)
      expect(ofOthers).not.toHaveProperty('access-control-allow-origin')
    }
    const refused = [
      await ask('/errors', SHOP, createHouse()).expect(204),
      await ask('/errors', SHOP, createHouse({ reports: { isOn: false, origins: [SHOP] } })).expect(204),
      await ask('/events', SHOP).expect(204),
      await ask('/errors/019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a10', SHOP).expect(204),
    ]
    for (const { headers } of refused) expect(headers).not.toHaveProperty('access-control-allow-origin')
  })

  test('turned off, nobody is let in', async () => {
    const house = createHouse({ reports: { isOn: false } })
    for (const who of ['anonymous', 'user', 'admin'] as const)
      expectProblem(await house.post('/errors', REPORT, who).expect(403), { detail: expect.stringContaining('off') })
    await house.get('/errors').expect(200)
  })
})

describe('too many reports', () => {
  const LIMITS = { perAddress: 2, inTotal: 5, windowMs: 60_000 }

  /** A host that believes its proxy, with a clock of ours. */
  const createBusy = (trust: unknown = true) => {
    let time = 1_000
    const house = createHouse({ reports: { ...LIMITS, now: () => time } })
    house.app.set('trust proxy', trust)
    const send = (address: string) => from(house, { 'x-forwarded-for': address })
    const pass = (ms: number) => {
      time += ms
    }
    return { house, send, pass }
  }

  test('from one address are a 429 that says when it may go on; others go on', async () => {
    const { house, send, pass } = createBusy()
    await send('203.0.113.7').expect(202)
    await send('203.0.113.7').expect(202)
    pass(1_500)
    const answer = await send('203.0.113.7').expect(429)
    expectProblem(answer, { code: 'too_many', title: 'Too Many Requests' })
    expect(answer.headers['retry-after']).toBe('59')
    await send('203.0.113.8').expect(202)
    pass(58_500)
    await send('203.0.113.7').expect(202)
    expect(house.parts.errorDrafts).toHaveLength(4)
  })

  test('in all are a 429 for everybody, and an address that has none left takes none of it', async () => {
    const { send } = createBusy()
    for (let i = 0; i < 10; i++) await send('203.0.113.7')
    for (const [address, status] of [
      ['203.0.113.8', 202],
      ['203.0.113.9', 202],
      ['203.0.113.9', 202],
      ['203.0.113.10', 429],
    ] as const)
      await send(address).expect(status)
  })

  test('an IPv6 network is one address', async () => {
    const { send } = createBusy()
    await send('2001:db8:1:2:3::1').expect(202)
    await send('2001:db8:1:2:4::1').expect(202)
    await send('2001:db8:1:2:5:6:7:8').expect(429)
    await send('2001:db8:1:3::1').expect(202)
  })

  test('the address is that of the connection, where the host believes no proxy or its rule for that throws', async () => {
    const failing = () => {
      throw new Error('no rule')
    }
    for (const trust of [false, failing]) {
      const { send } = createBusy(trust)
      for (const [last, status] of [202, 202, 429].entries()) await send(`203.0.113.${last}`).expect(status)
    }
  })

  test('are told so before the body is read, users too; an admin may go on', async () => {
    const { house, send } = createBusy()
    for (let i = 0; i < 2; i++) await send('203.0.113.7')
    const page = { 'x-forwarded-for': '203.0.113.7', 'content-type': 'application/json' }
    await house.ask('post', '/errors', 'anonymous').set(page).send('{').expect(429)
    await house.ask('post', '/errors', 'user').set(page).send(REPORT).expect(429)
    await house.ask('post', '/errors', 'admin').set(page).send(REPORT).expect(202)
  })
})
