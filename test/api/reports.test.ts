/** `POST /errors`: what front ends report. */
import { describe, expect, test } from '@jest/globals'
import express from 'express'
import request from 'supertest'
import { createHouse, expectProblem } from './ask.ts'

const UUID = '4bf92f35-77b3-4da6-a3ce-929d0e0e4736'
const REPORT = { message: 'x is not a function' }

describe('a report', () => {
  test('is kept with all that it says, and answered with its id', async () => {
    const { ask, parts } = createHouse()
    const columns = { trace_id: UUID, endpoint: '/cart', session_id: 's1', project_id: 'p1', release: '1.4.0' }
    const answer = await ask('post', '/errors', 'anonymous')
      .set({ 'user-agent': 'Firefox', origin: 'http://here', host: 'here' })
      .send({
        ...REPORT,
        ...columns,
        error_type: 'TypeError',
        stack: 'at cart.js:1',
        handled: false,
        detail: { step: 2 },
      })
      .expect(202)
    expect(answer.body).toEqual({ accepted: 1, ids: [expect.stringMatching(/^[0-9a-f-]{36}$/)] })
    expect(parts.errorDrafts).toEqual([
      {
        ...columns,
        error: { name: 'TypeError', message: REPORT.message, stack: 'at cart.js:1' },
        handled: false,
        service: 'browser',
        user_id: undefined,
        tenant_id: 'default',
        detail: { step: 2, reporter: { role: 'anonymous', origin: 'http://here', user_agent: 'Firefox' } },
      },
    ])
  })

  test('needs no more than a message, and null is nothing', async () => {
    const { post } = createHouse()
    await post('/errors', REPORT, 'anonymous').expect(202)
    await post('/errors', { ...REPORT, stack: null, detail: null, trace_id: null, handled: null }, 'anonymous').expect(
      202,
    )
  })

  test('without a key chooses neither tenant nor user, nor says who sent it', async () => {
    const { post, parts } = createHouse()
    const claims = { user_id: 'bob', tenant_id: 'acme', service: 'billing', detail: { reporter: { role: 'admin' } } }
    await post('/errors', { ...REPORT, ...claims }, 'anonymous').expect(202)
    expect(parts.errorDrafts[0]).toMatchObject({
      tenant_id: 'default',
      service: 'browser',
      detail: { reporter: { role: 'anonymous' } },
    })
    expect(parts.errorDrafts[0]?.user_id).toBeUndefined()
  })

  test('with a key has its tenant and user; an admin may name the user', async () => {
    const { post, parts } = createHouse()
    const claims = { ...REPORT, user_id: 'bob', tenant_id: 'acme', service: 'kiosk' }
    await post('/errors', claims, 'user').expect(202)
    await post('/errors', claims, 'admin').expect(202)
    expect(parts.errorDrafts).toMatchObject([
      { tenant_id: 'default', user_id: 'alice', service: 'kiosk', detail: { reporter: { role: 'user' } } },
      { tenant_id: 'default', user_id: 'bob', service: 'kiosk', detail: { reporter: { role: 'admin' } } },
    ])
  })

  test('with a log-in of the host is its user\u2019s, in its tenant', async () => {
    const house = createHouse({ authenticate: () => ({ role: 'user', user_id: 'carol', tenant_id: 'acme' }) })
    await house.post('/errors', REPORT, 'anonymous').expect(202)
    expect(house.parts.errorDrafts).toMatchObject([{ tenant_id: 'acme', user_id: 'carol' }])
  })

  test('with a wrong key is refused, as anywhere', async () => {
    const { post, parts } = createHouse()
    expectProblem(await post('/errors', REPORT, 'wrong key').expect(401), { code: 'unauthenticated' })
    expect(parts.errorDrafts).toEqual([])
  })

  test('is taken as text/plain too, which sendBeacon sends; events are not', async () => {
    const { ask, parts } = createHouse()
    const send = (path: string, type: string) =>
      ask('post', path, 'admin')
        .set('content-type', type)
        .send(JSON.stringify({ ...REPORT, event_type: undefined }))
    await send('/errors', 'text/plain;charset=UTF-8').expect(202)
    await send('/errors', 'text/plain').expect(202)
    await send('/events', 'text/plain').expect(415)
    expect(parts.errorDrafts).toHaveLength(2)
  })

  test.each(['/', '/daybook'])('has a second address, /api/errors, mounted at %s', async (mount) => {
    const { post, get, parts } = createHouse({ mount })
    await post('/api/errors', REPORT, 'anonymous').expect(202)
    expect(parts.errorDrafts).toHaveLength(1)
    await get('/api/errors?limit=1').expect(200)
    await get('/api/errorsx').expect(404)
    expectProblem(await post('/api/errors', {}, 'anonymous').expect(400), {
      instance: `${mount === '/' ? '' : mount}/api/errors`,
    })
  })
})

describe('a bad report', () => {
  const fields = (many: number) => Object.fromEntries(Array.from({ length: many }, (_, i) => [`f${i}`, i]))

  test.each<[string, object, string]>([
    ['no message', {}, 'body/message'],
    ['a long message', { message: 'x'.repeat(2001) }, 'body/message'],
    ['a long stack', { ...REPORT, stack: 'x'.repeat(10_001) }, 'body/stack'],
    ['a detail of many fields', { ...REPORT, detail: fields(21) }, 'body/detail'],
    ['a detail that is none', { ...REPORT, detail: 'text' }, 'body/detail'],
    ['a trace id that is none', { ...REPORT, trace_id: 'hunter2' }, 'body/trace_id'],
    ['a severity of its own', { ...REPORT, severity: 'debug' }, 'body/severity'],
    ['an id', { ...REPORT, id: UUID }, 'body/id'],
    ['a time', { ...REPORT, created_at: '2026-11-21T10:00:00Z' }, 'body/created_at'],
    ['a group', { ...REPORT, fingerprint: 'f' }, 'body/fingerprint'],
  ])('with %s is a 400 that says where', async (_, body, name) => {
    const { post, parts } = createHouse()
    const answer = await post('/errors', body, 'anonymous').expect(400)
    expectProblem(answer, { code: 'invalid_request', errors: [{ name, detail: expect.any(String) }] })
    expect(answer.text).not.toContain('hunter2')
    expect(parts.errorDrafts).toEqual([])
  })

  test.each([
    ['text/plain', 'hunter2', 400],
    ['text/plain', '', 400],
    ['application/json', '[]', 400],
    ['application/x-www-form-urlencoded', 'message=x', 415],
    ['multipart/form-data; boundary=x', '--x--', 415],
  ])('as %s with %j is a problem', async (type, raw, status) => {
    const { ask, parts } = createHouse()
    const answer = await ask('post', '/errors', 'anonymous').set('content-type', type).send(raw).expect(status)
    expectProblem(answer, { code: 'invalid_request' })
    expect(answer.text).not.toContain('hunter2')
    expect(parts.errorDrafts).toEqual([])
  })

  test('of more than 32 kB is a 413, in either type, and the most of each part is less', async () => {
    const { ask, post } = createHouse()
    const body = JSON.stringify({ ...REPORT, detail: { text: 'x'.repeat(32 * 1024) } })
    for (const type of ['application/json', 'text/plain']) {
      const answer = await ask('post', '/errors', 'admin').set('content-type', type).send(body).expect(413)
      expectProblem(answer, { code: 'invalid_request', detail: 'The body is over 32 kB; send less at once.' })
    }
    await post('/errors', { message: 'x'.repeat(2000), stack: 'x'.repeat(10_000), detail: fields(20) }).expect(202)
  })

  test('for a full log is a 503 that says when to come again', async () => {
    const { post, parts } = createHouse()
    parts.setRoom(0)
    const answer = await post('/errors', REPORT, 'anonymous').expect(503)
    expectProblem(answer, { code: 'spool_full' })
    expect(answer.headers['retry-after']).toBe('5')
  })
})

test('a host that read the body itself before hands it on', async () => {
  const house = createHouse()
  const host = express().use(express.json(), house.app)
  await request(host).post('/errors').send(REPORT).expect(202)
  expect(house.parts.errorDrafts).toHaveLength(1)
})
