import { describe, expect, test } from '@jest/globals'
import type { Response } from 'supertest'
import { createHouse } from './ask.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'

describe('a bad parameter', () => {
  test.each([
    ['limit=1001', 'limit'],
    ['limit=0', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=0x10', 'limit'],
    ['limit=1e2', 'limit'],
    ['limit=5.0', 'limit'],
    ['limit=99999999999', 'limit'],
    ['limit=+5', 'limit'],
    ['limit=5&limit=6', 'limit'],
    ['limit=5&limit=5', 'limit'],
    ['limit[]=5', 'limit[]'],
    ['limit', 'limit'],
    ['limit=', 'limit'],
    ['date=yesterday', 'date'],
    ['date=2026-02-30', 'date'],
    ['date=2026-11-21T10:00:00Z', 'date'],
    ['date=2026-11-21&date=2026-11-22', 'date'],
    ['start_time=2026-11-21', 'start_time'],
    ['start_time=2026-11-21T10:00:00', 'start_time'],
    ['start_time=2026-11-21%2010:00:00Z', 'start_time'],
    ['end_time=1700000000', 'end_time'],
    ['status=done', 'status'],
    ['status=success,done', 'status'],
    ['severity=loud', 'severity'],
    ['status_code=0x1F4', 'status_code'],
    ['status_code=99', 'status_code'],
    ['trace_id=abc', 'trace_id'],
    [`trace_id=${'0'.repeat(32)}`, 'trace_id'],
    ['event_type=', 'event_type'],
    ['event_type=commit,,push', 'event_type'],
    ['event_type=!', 'event_type'],
    ['user_id=a%00b', 'user_id'],
    ['user_id=%E0%A4%A', 'user_id'],
    ['cursor=abc', 'cursor'],
    ['cursor=%27%20or%201=1', 'cursor'],
    ['nonsense=1', 'nonsense'],
    ['role=admin', 'role'],
    ['user_id[]=a', 'user_id[]'],
    ['user_id[$ne]=a', 'user_id[$ne]'],
    ['__proto__=1', '__proto__'],
    ['__proto__[limit]=5', '__proto__[limit]'],
    ['__proto__=1&__proto__=2', '__proto__'],
    ['constructor=1', 'constructor'],
    ['constructor[prototype][x]=1', 'constructor[prototype][x]'],
    ['%5F%5Fproto%5F%5F=1', '__proto__'],
    ['toString=1', 'toString'],
  ])('%s is a 400 that names it', async (query, name) => {
    const { get, parts } = createHouse()
    const { body, headers } = await get(`/events?${query}`).expect(400)
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(body).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400, code: 'invalid_request' })
    expect(body.instance).toBe('/events')
    expect(body.detail).toContain(name)
    expect(body.errors[0].name).toBe(name)
    expect(parts.errorDrafts).toEqual([])
    expect(({} as Record<string, unknown>).limit).toBeUndefined()
  })

  test('an id that is no UUID is a 400 that names it', async () => {
    const { body } = await createHouse().get('/events/42').expect(400)
    expect(body.errors[0].name).toBe('id')
  })

  test('an address that is not percent-encoded is a 400', async () => {
    await createHouse().get('/events/%ZZ').expect(400)
  })

  test.each([
    ['get', '/sessions/a%00b/events', 'session_id'],
    ['get', '/my/projects/%00/events', 'project_id'],
    ['get', '/admin/projects/%00/members', 'project_id'],
    ['put', '/admin/projects/apollo/members/%00', 'user_id'],
    ['patch', '/errors/groups/%00', 'fingerprint'],
  ] as const)('%s %s, which holds a NUL, is a 400 that names it', async (method, path, name) => {
    const { body } = await createHouse().ask(method, path).expect(400)
    expect(body.errors).toEqual([{ name, detail: 'it holds a NUL character.' }])
  })

  test.each([
    ['/admin/keys', { role: 'user', user_id: 'a\0b' }, 'body/user_id'],
    ['/admin/keys', { role: 'admin', label: '\0' }, 'body/label'],
    ['/admin/holds', { user_id: 'alice', reason: '\0' }, 'body/reason'],
    ['/admin/retention/rules', { project_id: '\0', log: 'events', days: 1 }, 'body/project_id'],
    ['/viewer-tokens', { session_id: '\0' }, 'body/session_id'],
  ])('%s refuses a NUL in %j', async (path, given, name) => {
    const { body } = await createHouse().post(path, given).expect(400)
    expect(body.errors.map((error: { name: string }) => error.name)).toContain(name)
  })

  test.each(['/events/types', '/readyz', '/openapi.json', '/errors'])(
    '%s refuses what it does not know',
    async (path) => {
      await createHouse().get(`${path}?nonsense=1`).expect(400)
    },
  )

  test('statistics take no limit and no cursor', async () => {
    await createHouse().get('/events/stats?limit=5').expect(400)
    await createHouse().get('/events/stats?cursor=abc').expect(400)
  })
})

describe('filters', () => {
  const createFilled = () => {
    const house = createHouse()
    house.log(
      { event_type: 'COMMIT', user_id: 'alice', status: 'success', created_at: '2026-11-20T23:59:59.999999Z' },
      { event_type: 'PUSH', user_id: 'bob', status: 'failure', created_at: '2026-11-21T00:00:00Z' },
      { event_type: 'MERGE', user_id: 'Doe, Jane', status_code: 500, created_at: '2026-11-21T23:59:59.999999Z' },
      { event_type: 'TOOL_REQUEST', route: '/a/{b,c}', trace_id: TRACE, created_at: '2026-11-22T00:00:00Z' },
    )
    const types = async (query: string) => {
      const { body } = await house.get(`/events?${query}`).expect(200)
      return body.events.map((event: { event_type: string }) => event.event_type)
    }
    return { ...house, types }
  }

  test('several values are the same repeated, with commas and with encoded commas', async () => {
    const { get } = createFilled()
    const [repeated, commas, encoded] = await Promise.all(
      ['event_type=commit&event_type=PUSH', 'event_type=commit,push', 'event_type=commit%2Cpush'].map((query) =>
        get(`/events?${query}`).expect(200),
      ),
    )
    expect(repeated?.body.total).toBe(2)
    expect(repeated?.body.filters_applied).toEqual({ event_type: ['COMMIT', 'PUSH'] })
    expect(commas?.body).toEqual(repeated?.body)
    expect(encoded?.body).toEqual(repeated?.body)
  })

  test('event types match in any spelling', async () => {
    const { types } = createFilled()
    for (const spelling of ['toolRequest', 'tool-request', 'Tool_Request', 'TOOL+REQUEST'])
      expect(await types(`event_type=${spelling}`)).toEqual(['TOOL_REQUEST'])
  })

  test('a value may hold an encoded comma where values are free text', async () => {
    const { types } = createFilled()
    expect(await types('user_id=Doe%2C+Jane')).toEqual(['MERGE'])
    expect(await types('user_id=Doe%2C%20Jane,bob')).toEqual(['MERGE', 'PUSH'])
    expect(await types('route=/a/%7Bb%2Cc%7D')).toEqual(['TOOL_REQUEST'])
  })

  test('numbers are compared as numbers', async () => {
    const { get } = createFilled()
    const { body } = await get('/events?status_code=500,503').expect(200)
    expect(body.filters_applied).toEqual({ status_code: [500, 503] })
    expect(body.total).toBe(1)
  })

  test('a trace id is found as hex and as UUID', async () => {
    const { types } = createFilled()
    expect(await types(`trace_id=${TRACE.toUpperCase()}`)).toEqual(['TOOL_REQUEST'])
    expect(await types('trace_id=4bf92f35-77b3-4da6-a3ce-929d0e0e4736')).toEqual(['TOOL_REQUEST'])
  })

  test('countries match in any case, and what is no code as it is', async () => {
    const { get, log } = createFilled()
    log(
      { event_type: 'CLONE', country: 'NZ' },
      { event_type: 'FETCH', country: 'DE' },
      { event_type: 'PULL', country: 'Narnia' },
    )
    const { body } = await get('/events?country=Nz,de&country=Narnia').expect(200)
    expect(body).toMatchObject({ total: 3, filters_applied: { country: ['NZ', 'DE', 'Narnia'] } })
    expect((await get('/events?country=us').expect(200)).body.total).toBe(0)
  })

  test('a date is a whole UTC day, and is given back', async () => {
    const { get, types } = createFilled()
    expect(await types('date=2026-11-21')).toEqual(['MERGE', 'PUSH'])
    const { body } = await get('/events?date=2026-11-21').expect(200)
    expect(body.date).toBe('2026-11-21')
    expect((await get('/events')).body).toMatchObject({ date: null, filters_applied: {}, next_cursor: null })
  })

  test('a date and times give what lies in both', async () => {
    const { types } = createFilled()
    expect(await types('date=2026-11-21&start_time=2026-11-21T12:00:00Z')).toEqual(['MERGE'])
    expect(await types('date=2026-11-21&end_time=2026-11-21T12:00:00Z')).toEqual(['PUSH'])
    expect(await types('date=2026-11-21&start_time=2026-11-25T00:00:00Z')).toEqual([])
  })

  test('times take any zone, with its plus encoded or not, to the microsecond', async () => {
    const { types } = createFilled()
    expect(await types('end_time=2026-11-21T00:00:00Z')).toEqual(['COMMIT'])
    expect(await types('end_time=2026-11-21T01:00:00+01:00')).toEqual(['COMMIT'])
    expect(await types('end_time=2026-11-21T01:00:00%2B01:00')).toEqual(['COMMIT'])
    expect(await types('start_time=2026-11-20T23:59:59.999999Z&end_time=2026-11-21T00:00:00Z')).toEqual(['COMMIT'])
  })

  test('a zone may be an offset, with its plus encoded or not', async () => {
    const { get, types } = createFilled()
    expect(await types('date=2026-11-21&tz=%2B02:00')).toEqual(['PUSH', 'COMMIT'])
    expect(await types('date=2026-11-21&tz=+02:00')).toEqual(['PUSH', 'COMMIT'])
    const { body } = await get('/events?tz=+02:00').expect(200)
    expect(body.filters_applied).toEqual({ tz: '+02:00' })
  })

  test('times far from any event reach the store as times it can write', async () => {
    const { get } = createFilled()
    const { body } = await get('/events?start_time=0001-01-01T00:00:00Z&end_time=9999-12-31T23:59:59Z').expect(200)
    expect(body.total).toBe(4)
    expect(body.filters_applied).toEqual({ start_time: '1970-01-01T00:00:00.000000Z' })
    const far = await get('/events?date=9999-12-31').expect(200)
    expect(far.body.filters_applied.start_time).toBe('2200-01-01T00:00:00.000000Z')
  })

  test('a cursor leads through all pages, each event once', async () => {
    const { get } = createFilled()
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { body }: Response = await get(`/events?limit=3${cursor && `&cursor=${cursor}`}`).expect(200)
      seen.push(...body.events.map((event: { event_type: string }) => event.event_type))
      expect(body.total).toBe(4)
      cursor = body.next_cursor
    }
    expect(seen).toEqual(['TOOL_REQUEST', 'MERGE', 'PUSH', 'COMMIT'])
  })

  test('an empty query string asks for everything', async () => {
    await createHouse().get('/events?').expect(200)
    await createHouse().get('/events?&').expect(200)
  })
})
