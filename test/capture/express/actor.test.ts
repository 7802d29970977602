/** Who made a request, and from where. */
import { describe, expect, test } from '@jest/globals'
import type { Express } from 'express'
import type { ActorFields } from '../../../src/config/options.ts'
import { createHost, type HostOptions } from './host.ts'

/** The event of a request to a host whose authentication leaves this on `req`, after the capture. */
async function eventOf(left: object | ((req: object) => void), options: HostOptions = {}) {
  const host = await createHost((app) => {
    app.use((req, _res, next) => {
      if (typeof left === 'function') left(req)
      else Object.assign(req, left)
      next()
    })
    app.get('/', (_req, res) => void res.send('ok'))
  }, options)
  const answer = await host.ask('/')
  expect(answer).toMatchObject({ status: 200, body: 'ok' })
  return host.onlyEvent()
}

describe('the actor is', () => {
  const objectId = { toHexString: () => '64b8f0c2a1' }
  test.each<[object, object]>([
    [{ user: { id: 'ada' } }, { user_id: 'ada', actor_type: 'user', actor_id: 'ada' }],
    [{ user: { id: 7 } }, { user_id: '7' }],
    [{ user: { id: 0 } }, { user_id: '0' }],
    [{ user: { id: 7n } }, { user_id: '7' }],
    [{ user: 'ada' }, { user_id: 'ada' }],
    [{ user: { _id: objectId } }, { user_id: '64b8f0c2a1' }],
    [{ user: { username: 'ada' } }, { user_id: 'ada' }],
    [{ auth: { sub: 'auth0|1' } }, { user_id: 'auth0|1' }],
    [{ user: {}, auth: { sub: 's' } }, { user_id: 's' }],
    [
      { session: { user: { id: 'ada' } }, sessionID: 's-1' },
      { user_id: 'ada', session_id: 's-1' },
    ],
    [{ sessionID: 's-1' }, { actor_type: 'anonymous', session_id: 's-1' }],
    [{}, { actor_type: 'anonymous' }],
    [{ user: null, auth: undefined, session: null }, { actor_type: 'anonymous' }],
    [{ user: { id: '' } }, { actor_type: 'anonymous' }],
  ])('read from %j', async (left, fields) => {
    const event = await eventOf(left)
    expect(event).toMatchObject(fields)
    if (!('user_id' in fields)) expect(event.user_id).toBeUndefined()
  })

  const thrower = {
    get: () => {
      throw new Error('a getter of the host')
    },
  }
  test.each(['user', 'auth', 'session', 'sessionID'])('what is left when the getter of req.%s throws', async (name) => {
    const event = await eventOf((req) => {
      Object.assign(req, { user: undefined, auth: { sub: 'ada' } })
      Object.defineProperty(req, name, thrower)
    })
    expect(event).toMatchObject(name === 'auth' ? { actor_type: 'anonymous' } : { user_id: 'ada' })
  })

  test('anonymous when the getter of the id throws', async () => {
    const user = Object.defineProperty({}, 'id', thrower)
    expect(await eventOf({ user })).toMatchObject({ actor_type: 'anonymous' })
  })
})

describe('the actor that the host names itself', () => {
  test.each<[ActorFields | undefined, object]>([
    [{ user_id: 'eve' }, { user_id: 'eve', actor_type: 'user' }],
    [
      { agent_id: 'a-1', on_behalf_of: 'eve' },
      { agent_id: 'a-1', actor_type: 'agent', on_behalf_of: 'eve' },
    ],
    [
      { actor_type: 'service', actor_id: 'cron' },
      { actor_type: 'service', actor_id: 'cron' },
    ],
    [{ actor_id: 'cron' }, { actor_type: 'user', actor_id: 'cron' }],
    [
      { user_id: 'eve', tenant_id: 'acme' },
      { user_id: 'eve', tenant_id: 'acme' },
    ],
    [
      { project_id: 'p', run_id: 'r' },
      { actor_type: 'anonymous', project_id: 'p', run_id: 'r' },
    ],
    [{}, { actor_type: 'anonymous' }],
    [undefined, { user_id: 'ada' }],
  ])('%j', async (actor, fields) => {
    expect(await eventOf({ user: { id: 'ada' } }, { actor: () => actor })).toMatchObject(fields)
  })

  test('is read when the response ends', async () => {
    const event = await eventOf({ later: 'known now' }, { actor: (req) => ({ user_id: Reflect.get(req, 'later') }) })
    expect(event.user_id).toBe('known now')
  })

  test('sets no other columns, though the whole user is given', async () => {
    const given = { user_id: 'ada', id: '1', status: 'failure', event_type: 'COMMIT', password: 'x', trace_id: 'y' }
    const event = await eventOf({}, { actor: () => given })
    expect(event).toMatchObject({ user_id: 'ada', status: 'success', event_type: 'API_REQUEST' })
    expect(event).not.toHaveProperty('password')
    expect(event.trace_id).toMatch(/^[0-9a-f]{32}$/)
  })

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('of the host')
      },
    ],
    ['rejects', () => Promise.reject(new Error('of the host'))],
    ['gives text', () => 'ada'],
    [
      'gives a Proxy that throws',
      () =>
        new Proxy(
          {},
          {
            get: () => {
              throw new Error('trap')
            },
          },
        ),
    ],
  ])('hurts nobody when it %s', async (_how, actor) => {
    const event = await eventOf({}, { actor: actor as () => ActorFields })
    expect(event.actor_type).toBe('anonymous')
  })
})

describe('the address', () => {
  const FORWARDED = { 'x-forwarded-for': '203.0.113.77, 198.51.100.9' }
  const addressOf = async (setUp: (app: Express) => void): Promise<string | undefined> => {
    const host = await createHost((app) => {
      setUp(app)
      app.get('/', (_req, res) => void res.send('ok'))
    })
    expect((await host.ask('/', { headers: FORWARDED })).body).toBe('ok')
    return (await host.onlyEvent()).source_ip ?? undefined
  }

  test('is that of the socket, whatever the header says', async () =>
    expect(await addressOf(() => undefined)).toBe('127.0.0.0'))
  test('is that of the header for a host that trusts its proxy', async () =>
    expect(await addressOf((app) => app.set('trust proxy', true))).toBe('203.0.113.0'))
  test('is that which the nearest of the trusted proxies saw', async () =>
    expect(await addressOf((app) => app.set('trust proxy', 1))).toBe('198.51.100.0'))
  test('is that of the socket when the host can not say whom it trusts', async () =>
    expect(
      await addressOf((app) =>
        app.set('trust proxy', () => {
          throw new Error('of the host')
        }),
      ),
    ).toBe('127.0.0.0'))
})
