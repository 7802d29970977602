import { describe, expect, jest, test } from '@jest/globals'
import { trace } from '@opentelemetry/api'
import { Fault } from '../../src/event/fault.ts'
import { createHouse } from './ask.ts'
import { createMemoryParts, type MemoryParts } from './parts.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`

const createHouseWhere = (change: (parts: MemoryParts) => object) => {
  const parts = createMemoryParts()
  return createHouse({ parts: { ...parts, ...change(parts) } })
}

const failing = (error: unknown) =>
  createHouseWhere(({ events }) => ({ events: { ...events, find: () => Promise.reject(error) } }))

describe('a problem', () => {
  test('has the members of RFC 9457, the trace id of the request, and no query', async () => {
    const { ask } = createHouse({ mount: '/deep/daybook' })
    const { body, headers } = await ask('get', '/events?limit=5000&user_id=token-1').set('traceparent', PARENT)
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'limit: must be <= 1000',
      instance: '/deep/daybook/events',
      code: 'invalid_request',
      trace_id: TRACE,
      errors: [{ name: 'limit', detail: 'must be <= 1000' }],
    })
    expect(headers['cache-control']).toBe('no-store')
  })

  test('has no trace id when the request has none', async () => {
    const { get, ask } = createHouse()
    expect((await get('/nothing')).body).not.toHaveProperty('trace_id')
    expect((await ask('get', '/nothing').set('traceparent', 'nonsense')).body).not.toHaveProperty('trace_id')
  })

  test('has the trace id of the active span before that of the header', async () => {
    const spanContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }
    const active = jest.spyOn(trace, 'getActiveSpan').mockReturnValue(trace.wrapSpanContext(spanContext))
    const { body } = await createHouse().ask('get', '/nothing').set('traceparent', PARENT)
    active.mockRestore()
    expect(body.trace_id).toBe('a'.repeat(32))
  })

  test.each([
    ['database_unreachable', 503],
    ['database_slow', 503],
    ['database_elsewhere', 503],
    ['cursor_moved', 503],
    ['spool_full', 503],
    ['invalid_request', 400],
    ['unauthenticated', 401],
    ['forbidden', 403],
    ['not_found', 404],
    ['too_many', 429],
    ['row_refused', 500],
    ['folder_unusable', 500],
    ['rows_missing', 500],
    ['unexpected', 500],
  ] as const)('of Fault %s is a %i', async (code, status) => {
    const { body, headers } = await failing(new Fault(code, 'words')).get('/events').expect(status)
    expect(body.code).toBe(status === 500 ? 'unexpected' : code)
    expect(headers['retry-after']).toBe(status === 503 ? '5' : undefined)
  })

  test.each([
    ['a bug', new TypeError('select * from event_logs where secret = hunter2')],
    ['an error with a status of its own', Object.assign(new Error('select hunter2'), { status: 400, expose: true })],
    ['a refused row', new Fault('row_refused', 'insert into hunter2')],
    ['text', 'select hunter2'],
    ['null', null],
  ])('of %s says nothing outside and everything inside', async (_, thrown) => {
    const house = failing(thrown)
    const { body, text } = await house.ask('get', '/events').set('traceparent', PARENT).expect(500)
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      detail: 'Something went wrong inside Daybook.',
      instance: '/events',
      code: 'unexpected',
      trace_id: TRACE,
    })
    expect(text).not.toMatch(/hunter2|select|insert|node_modules|\bat /i)
    expect(house.parts.errorDrafts).toEqual([
      expect.objectContaining({
        error: thrown ?? expect.any(Error),
        endpoint: 'GET /events',
        trace_id: TRACE,
        severity: 'critical',
      }),
    ])
  })

  test('of a bug has a trace id even when the request has none', async () => {
    const house = failing(new Error('x'))
    const { body } = await house.get('/events').expect(500)
    expect(body.trace_id).toMatch(/^[0-9a-f]{32}$/)
    expect(house.parts.errorDrafts[0]?.trace_id).toBe(body.trace_id)
  })
})

describe('an answer that breaks the contract', () => {
  const good = { id: '019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a10', event_type: 'A', system_event: true }
  const time = '2026-11-21T10:05:00.123456Z'
  const row = { ...good, created_at: time, timestamp: time }
  const answering = (answer: object) =>
    createHouseWhere(({ events }) => ({ events: { ...events, get: async () => answer } }))
  const path = `/events/${good.id}`

  test('does not leave, and an answer that keeps it does', async () => {
    await answering(row).get(path).expect(200)
  })

  test.each([
    ['an unknown column', { ...row, password: 'hunter2' }],
    ['a missing column', good],
    ['a wrong word', { ...row, status: 'hunter2' }],
    ['a wrong type', { ...row, status_code: '200' }],
    ['a null', { ...row, user_id: null }],
    ['a time without zone', { ...row, created_at: '2026-11-21' }],
  ])('with %s is a 500 without it', async (_, answer) => {
    const house = answering(answer)
    const { body, text } = await house.get(path).expect(500)
    expect(body.code).toBe('unexpected')
    expect(body).not.toHaveProperty('errors')
    expect(text).not.toContain('hunter2')
    expect(house.parts.errorDrafts[0]).toMatchObject({ detail: { errors: expect.any(Array) } })
  })
})

describe('while the database is away', () => {
  test.each(['/events', '/events/types', '/events/stats', '/errors'])(
    '%s is a 503 that names no host',
    async (path) => {
      const house = createHouse()
      house.parts.setDatabaseUp(false)
      const { body, headers, text } = await house.get(path).expect(503)
      expect(body).toMatchObject({ code: 'database_unreachable', title: 'Service Unavailable' })
      expect(headers['retry-after']).toBe('5')
      expect(text).not.toContain('10.1.2.3')
      expect(house.parts.errorDrafts).toEqual([])
    },
  )

  test('a key that needs the database is neither right nor wrong, and the admin key still sends events', async () => {
    const house = createHouse()
    house.parts.setDatabaseUp(false)
    await house.get('/events', 'user').expect(503)
    await house.get('/events', 'wrong key').expect(503)
    await house.post('/events', { event_type: 'A' }).expect(202)
    await house.get('/events', 'anonymous').expect(403)
  })

  test('readiness says so, and liveness does not mind', async () => {
    const house = createHouse()
    house.parts.setDatabaseUp(false)
    house.parts.setDrain('waiting')
    const { body } = await house.get('/readyz', 'anonymous').expect(503)
    expect(body).toMatchObject({
      status: 'not_ready',
      figures: { appended: 0, shed: 0, stored: 0, quarantined: 0, waiting_bytes: 0, lag_ms: 0 },
      checks: {
        spool: { ok: true, reason: null },
        drain: { ok: false, reason: 'The drain waits to store events; they are kept on disk.' },
        database: { ok: false, reason: 'The database does not answer.' },
      },
    })
    await house.get('/healthz', 'anonymous').expect(200)
  })
})

describe('readiness', () => {
  test('is 200 when every part is well, a standby drain included', async () => {
    const house = createHouse()
    house.parts.setDrain('standby')
    const { body } = await house.get('/readyz', 'anonymous').expect(200)
    expect(body).toMatchObject({ status: 'ready', checks: { spool: { ok: true }, database: { ok: true } } })
  })

  test('says when events are dropped, until one is kept again', async () => {
    const house = createHouse()
    house.parts.setRoom(0)
    house.log({ event_type: 'A' })
    for (let look = 0; look < 2; look++) {
      const { body } = await house.get('/readyz', 'anonymous').expect(503)
      expect(body.checks.spool).toMatchObject({ ok: false, reason: expect.stringContaining('dropped') })
    }
    house.parts.setRoom(10)
    house.log({ event_type: 'A' })
    await house.get('/readyz', 'anonymous').expect(200)
  })

  test('says that retention removes too little, and is 200 all the same', async () => {
    const house = createHouseWhere(({ health }) => ({
      health: () => ({ ...health(), drain: { ...health().drain, retention: 'The clock is wrong at db.internal.' } }),
    }))
    const { body } = await house.get('/readyz', 'anonymous').expect(200)
    expect(body.checks.retention).toEqual({ ok: true, reason: expect.stringContaining('GET /admin/retention') })
    expect(JSON.stringify(body)).not.toContain('db.internal')
  })

  test('waits for a silent database two seconds at most', async () => {
    const house = createHouseWhere(() => ({ ping: () => new Promise(() => undefined) }))
    const { body } = await house.get('/readyz', 'anonymous').expect(503)
    expect(body.checks.database.ok).toBe(false)
  })
})
