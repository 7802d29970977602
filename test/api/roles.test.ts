import { describe, expect, test } from '@jest/globals'
import { readSpec, toOperations } from '../../src/api/spec.ts'
import { createHouse, type Who } from './ask.ts'
import { ADMIN_KEY, KEY_ID } from './parts.ts'

const ID = '019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a10'
const toId = (route: string): string => (route.startsWith('/admin/keys') ? KEY_ID : ID)
const BODIES: Readonly<Record<string, object>> = {
  addEvents: { event_type: 'COMMIT' },
  addError: { message: 'x is not a function' },
  createKey: { role: 'user', user_id: 'bob' },
  prune: { dry_run: true },
  setRetentionRule: { project_id: 'apollo', log: 'events', days: 365 },
  createHold: { user_id: 'bob', reason: 'Case 7' },
  createViewerToken: { session_id: 's-1' },
  changeErrorGroup: { state: 'resolved' },
}
const RETENTION = ['getRetention', 'prune', 'setRetentionRule', 'removeRetentionRule'].concat(
  'listHolds',
  'createHold',
  'releaseHold',
)
const GOOD = [200, 201, 202, 204]

const all = toOperations(readSpec())
/** Who may send telemetry is told in `otlp.test.ts`. */
const operations = all.filter(({ route }) => !route.startsWith('/v1/'))
const whos: readonly Who[] = ['admin', 'auditor', 'user', 'ingest', 'anonymous', 'wrong key']
const matrix = operations.flatMap((operation) => whos.map((who) => ({ operation, who, name: operation.id })))

const toExpected = (who: Who, roles: readonly string[] | undefined): readonly number[] => {
  if (roles === undefined) return GOOD
  if (who === 'wrong key') return [401]
  // The rows asked for by id are not there: 404 comes after the role was let in.
  return roles.includes(who) ? [...GOOD, 404] : [403]
}

describe('who may call what', () => {
  test('the matrix has every operation, open ones and admin-only ones among them', () => {
    expect(all.map(({ id }) => id).sort()).toEqual(
      ['findEvents', 'addEvents', 'getEvent', 'listEventTypes', 'getEventStats', 'findErrors', 'getError', 'createKey']
        .concat('listKeys', 'rotateKey', 'revokeKey', 'listMembers', 'addMember', 'removeMember')
        .concat('createViewerToken', 'endViewerTokens')
        .concat('streamEvents', 'exportEvents', 'listFiles', 'getFile', 'replaySession')
        .concat('addTraces', 'addLogs', 'addMetrics')
        .concat('getEventTimeline', 'findSessionEvents', 'findRunEvents', 'getTrace', 'getProvenance')
        .concat('findErrorGroups', 'changeErrorGroup', 'findProjectEvents', 'getProjectAnalytics')
        .concat('addError', 'getHealth', 'getReadiness', 'getContract', 'getMetrics')
        .concat(RETENTION, 'listAlerts')
        .sort(),
    )
    const ofRoles = (roles: unknown) =>
      operations.filter((operation) => String(operation.roles) === String(roles)).map(({ id }) => id)
    expect(ofRoles(undefined).sort()).toEqual(['getContract', 'getHealth', 'getReadiness'])
    expect(ofRoles(['admin']).sort()).toEqual(
      [
        'addMember',
        'changeErrorGroup',
        'createKey',
        'endViewerTokens',
        'getMetrics',
        'removeMember',
        'revokeKey',
        'rotateKey',
        ...RETENTION.filter((id) => !['getRetention', 'listHolds'].includes(id)),
      ].sort(),
    )
    expect(ofRoles(['admin', 'user', 'ingest'])).toEqual(['addEvents'])
    expect(ofRoles(['admin', 'user', 'ingest', 'anonymous'])).toEqual(['addError'])
  })

  test('an auditor changes nothing, an ingest key reads nothing, and who shows no key may do what says so', () => {
    for (const { id, method, roles = [], isRead } of all) {
      if (roles.includes('auditor')) expect({ id, method }).toEqual({ id, method: 'get' })
      if (roles.includes('ingest')) expect({ id, method, isRead }).toEqual({ id, method: 'post', isRead: false })
      if (isRead) expect({ id, roles }).toEqual({ id, roles: expect.arrayContaining(['admin', 'auditor']) })
    }
    expect(
      all
        .filter(({ roles }) => roles?.includes('anonymous'))
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['addError', 'addLogs', 'addMetrics', 'addTraces'])
  })

  test.each(matrix)('$name answers $who as the contract says', async ({ operation, who }) => {
    const { id, method, route, roles } = operation
    const house = createHouse()
    const verb = id === 'streamEvents' ? 'head' : method
    const asked = house.ask(verb, route.replace(':date', '2026-11-21').replace(/:\w+/, toId(route)), who)
    const { status, body, headers } = await asked.send(BODIES[id])
    expect(toExpected(who, roles)).toContain(status)
    if (status >= 400) expect(headers['content-type']).toBe('application/problem+json; charset=utf-8')
    if (status === 401 || status === 403) {
      expect(body).not.toHaveProperty('errors')
      expect(house.parts.drafts).toEqual([])
    }
  })

  test('a wrong key is told how to show one, and nothing else', async () => {
    const { headers, body } = await createHouse().get('/events', 'wrong key').expect(401)
    expect(headers['www-authenticate']).toBe('Bearer realm="daybook"')
    expect(JSON.stringify(body)).not.toContain('no-such-key')
  })

  test('a key works as bearer token, in any case of the word', async () => {
    const { ask } = createHouse()
    await ask('get', '/events', 'anonymous').set('authorization', `Bearer ${ADMIN_KEY}`).expect(200)
    await ask('get', '/events', 'anonymous').set('authorization', `bearer ${ADMIN_KEY}`).expect(200)
    await ask('get', '/events', 'anonymous').set('authorization', 'Bearer wrong').expect(401)
    await ask('get', '/events', 'anonymous').set('authorization', 'Basic YTpi').expect(403)
  })

  test('the words of a caller grant no role', async () => {
    const { ask, get } = createHouse()
    await ask('get', '/events', 'anonymous').set('x-role', 'admin').expect(403)
    await ask('get', '/events', 'anonymous').set('x-api-key', 'admin').expect(401)
    await get('/events?role=admin', 'anonymous').expect(403)
    await ask('get', '/events', 'anonymous').set('x-api-key', '').expect(403)
  })

  test('without an admin key no key is admin', async () => {
    const { ask } = createHouse({ adminKey: undefined })
    await ask('get', '/events').expect(401)
    await ask('get', '/events', 'anonymous').set('x-api-key', 'undefined').expect(401)
  })

  test('roles are checked before the request is read', async () => {
    const { get, ask } = createHouse()
    await get('/events?limit=5000', 'anonymous').expect(403)
    await ask('post', '/admin/keys', 'user').set('content-type', 'application/json').send('{').expect(403)
  })

  test('a made key sees what its role may, and its text is given once', async () => {
    const { post, ask, log } = createHouse()
    log({ event_type: 'COMMIT', user_id: 'bob' }, { event_type: 'COMMIT', user_id: 'alice' })
    const { body } = await post('/admin/keys', { role: 'user', user_id: 'bob', label: 'laptop' }).expect(201)
    expect(body).toMatchObject({ role: 'user', user_id: 'bob', label: 'laptop', key: expect.any(String) })
    const seen = await ask('get', '/events', 'anonymous').set('x-api-key', body.key).expect(200)
    expect(seen.body.events.map((event: { user_id: string }) => event.user_id)).toEqual(['bob'])
  })

  test('a key of role user needs a user_id, and no other role can be had', async () => {
    const { post } = createHouse()
    const { body } = await post('/admin/keys', { role: 'user' }).expect(400)
    expect(body.detail).toContain('user_id')
    await post('/admin/keys', { role: 'anonymous' }).expect(400)
    for (const role of ['admin', 'auditor', 'ingest']) await post('/admin/keys', { role }).expect(201)
    await post('/admin/keys', { role: 'admin', expires_at: '2020-01-01T00:00:00Z' }).expect(400)
  })
})

describe("the host's authenticate", () => {
  test('says who asks, and a key is looked for when it knows nobody', async () => {
    const house = createHouse({
      authenticate: async (req) => (req.get('cookie') === 'bob' ? { role: 'user', user_id: 'bob' } : null),
    })
    house.log({ event_type: 'COMMIT', user_id: 'bob' }, { event_type: 'COMMIT', user_id: 'alice' })
    const total = async (who: Who, cookie: string) =>
      (await house.ask('get', '/events', who).set('cookie', cookie)).body.total
    expect(await total('anonymous', 'bob')).toBe(1)
    expect(await total('admin', 'eve')).toBe(2)
    expect(await total('anonymous', 'eve')).toBeUndefined()
  })

  test.each([
    ['throws', () => Promise.reject(Object.assign(new Error('secret: hunter2'), { status: 200 }))],
    ['names a user without an id', () => ({ role: 'user' })],
    ['names an empty user', () => ({ role: 'user', user_id: '' })],
    ['invents a role', () => ({ role: 'superadmin' })],
    ['answers true', () => true],
    ['names projects that are no list', () => ({ role: 'user', user_id: 'bob', projects: 'apollo' })],
  ])('lets nobody in when it %s', async (_, authenticate) => {
    const house = createHouse({ authenticate: authenticate as never })
    const { body, text } = await house.get('/events').expect(500)
    expect(body.detail).toBe('Something went wrong inside Daybook.')
    expect(text).not.toContain('hunter2')
    expect(house.parts.errorDrafts).toHaveLength(1)
  })

  test('gives the tenant too', async () => {
    const house = createHouse({ authenticate: () => ({ role: 'admin', tenant_id: 'acme' }) })
    house.log({ event_type: 'COMMIT', tenant_id: 'acme' }, { event_type: 'COMMIT' })
    expect((await house.get('/events')).body.total).toBe(1)
  })
})
