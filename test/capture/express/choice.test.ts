/** Which requests become events, and as what. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import type { Express } from 'express'
import { isSampled } from '../../../src/capture/express/closing.ts'
import type { RequestOptions } from '../../../src/config/request-options.ts'
import { createHost } from './host.ts'

const routes = (app: Express): void => {
  app.get('/health', (_req, res) => void res.send('ok'))
  app.all('/orders/:id', (_req, res) => void res.send('ok'))
  app.get('/static/a.css', (_req, res) => void res.send('ok'))
}
const ASKED = [
  ['GET', '/health'],
  ['GET', '/orders/7'],
  ['PUT', '/orders/8'],
  ['GET', '/static/a.css'],
] as const

async function seen(requests: RequestOptions) {
  const { ask, recorder } = await createHost(routes, { requests })
  for (const [method, path] of ASKED) await ask(`${path}?a=1`, { method })
  return recorder.events.map(({ method, path }) => `${method} ${path}`)
}

const ALL = ASKED.map((asked) => asked.join(' '))

describe('left out are requests', () => {
  test.each<[string, RequestOptions, readonly string[]]>([
    ['none, without options', {}, ALL],
    ['to a path', { exclude: ['/health'] }, ALL.slice(1)],
    ['below a path', { exclude: ['/static/*'] }, ALL.slice(0, 3)],
    ['of a route', { exclude: ['/orders/:id'] }, ['GET /health', 'GET /static/a.css']],
    ['of a method and route', { exclude: ['put /orders/:id'] }, ALL.filter((asked) => asked !== 'PUT /orders/8')],
    ['by a RegExp, each time', { exclude: [/^\/orders/g] }, ['GET /health', 'GET /static/a.css']],
    ['by a function', { exclude: [(req) => req.method === 'GET'] }, ['PUT /orders/8']],
    ['that are not included', { include: ['/orders/*'] }, ['GET /orders/7', 'PUT /orders/8']],
    ['that are excluded of those included', { include: ['/orders/*'], exclude: ['PUT /*'] }, ['GET /orders/7']],
    ['none, when the function throws', { exclude: [() => JSON.parse('{')] }, ALL],
  ])('%s', async (_what, requests, expected) => {
    expect(await seen(requests)).toEqual(expected)
  })
})

test('what a request that is left out throws is in the error log all the same, and names no event', async () => {
  const host = await createHost(
    (app) =>
      app.get('/', () => {
        throw new Error('broken')
      }),
    { requests: { exclude: ['/'] }, onError: (_error, _req, res, _next) => void res.sendStatus(500) },
  )
  expect((await host.ask('/')).status).toBe(500)
  const error = await host.onlyError()
  expect([error.message, error.event_id, host.recorder.events]).toEqual(['broken', undefined, []])
})

describe('with a sample of none', () => {
  const none = { requests: { sampleRatio: 0, slowMs: 1e9, slowRoutes: { 'GET /slow': 20 } } }

  test('a request that went well is left out, and one that failed, was denied or was slow is not', async () => {
    const { ask, recorder } = await createHost((app) => {
      app.get('/fine', (_req, res) => void res.send('ok'))
      app.get('/slow', async (_req, res) => {
        await sleep(25)
        res.send('ok')
      })
      app.get('/status/:code', (req, res) => void res.sendStatus(Number(req.params.code)))
    }, none)
    for (const path of ['/fine', '/status/404', '/status/403', '/status/500', '/slow', '/fine']) await ask(path)
    expect(recorder.events.map(({ path }) => path)).toEqual(['/status/404', '/status/403', '/status/500', '/slow'])
  })
})

test('a sample keeps its share, the same traces each time, and says so on those it keeps', async () => {
  const ids = Array.from({ length: 4_000 }, (_, i) => (i * 2_654_435_761).toString(16).padStart(32, '7'))
  const kept = ids.filter((id) => isSampled(id, 0.25))
  expect(kept.length / ids.length).toBeCloseTo(0.25, 1)
  expect(ids.filter((id) => isSampled(id, 0.25))).toEqual(kept)
  const { ask, recorder } = await createHost(routes, { requests: { sampleRatio: 0.5 } })
  const [low, high] = ['0af7651916cd43dd8448eb2100000001', '0af7651916cd43dd8448eb21ffffffff']
  for (const trace of [low, high]) {
    await ask('/health', { headers: { traceparent: `00-${trace}-b7ad6b7169203331-01` } })
  }
  expect(recorder.events.map(({ trace_id }) => trace_id)).toEqual([low])
  expect(recorder.events[0]?.metadata).toMatchObject({ sample_ratio: 0.5 })
})

describe('with arrivals', () => {
  const arrivals = { requests: { arrivals: true } }

  test('a request that never ends is seen, and its end has the same ids', async () => {
    let end = (): void => undefined
    const arrived = Promise.withResolvers<void>()
    const { ask, recorder } = await createHost((app) => {
      app.get('/wait/:n', (_req, res) => {
        end = () => void res.send('ok')
        arrived.resolve()
      })
    }, arrivals)
    const asked = ask('/wait/1')
    await arrived.promise
    expect(recorder.events).toMatchObject([
      { event_type: 'API_REQUEST', status: 'in_progress', method: 'GET', path: '/wait/1', source_ip: '127.0.0.0' },
    ])
    end()
    await asked
    const [arrival, closing] = recorder.events
    expect(closing).toMatchObject({ event_type: 'API_RESPONSE', status: 'success', route: '/wait/:n' })
    const { request_id, trace_id, span_id } = arrival ?? {}
    expect(closing).toMatchObject({ request_id, trace_id, span_id })
    expect(closing?.id).not.toBe(arrival?.id)
  })

  test('come before the end also when the answer is given at once, at the time they had', async () => {
    const { ask, recorder } = await createHost((app) => app.get('/', (_req, res) => void res.send('ok')), arrivals)
    const before = Date.now()
    await ask('/')
    expect(recorder.events.map(({ event_type }) => event_type)).toEqual(['API_REQUEST', 'API_RESPONSE'])
    const [arrived = 0, ended = 0] = recorder.events.map(({ created_at }) => Date.parse(created_at))
    expect(arrived).toBeGreaterThanOrEqual(before - 5)
    expect(arrived).toBeLessThanOrEqual(ended)
  })

  test('have an end also where the route, known later, leaves the request out', async () => {
    const { ask, recorder } = await createHost(routes, { requests: { arrivals: true, exclude: ['/orders/:id'] } })
    await ask('/orders/7')
    expect(recorder.events.map(({ event_type }) => event_type)).toEqual(['API_REQUEST', 'API_RESPONSE'])
  })

  test("of requests to Daybook's own routes are none", async () => {
    const { app, ask, capture, recorder } = await createHost(() => undefined, arrivals)
    app.get('/own', (req, res) => {
      capture.disown(req)
      setImmediate(() => res.send('ok'))
    })
    await ask('/own')
    expect(recorder.events).toEqual([])
  })

  test('a denied or failed end keeps its own name, and what is left out has no arrival', async () => {
    const { ask, recorder } = await createHost(
      (app) => app.get('/status/:code', (req, res) => void res.sendStatus(Number(req.params.code))),
      { requests: { arrivals: true, exclude: ['/status/204'] } },
    )
    for (const code of [401, 500, 204]) await ask(`/status/${code}`)
    expect(recorder.events.map(({ event_type }) => event_type)).toEqual([
      'API_REQUEST',
      'AUTH_FAILURE',
      'API_REQUEST',
      'API_ERROR',
    ])
  })
})

test.each([
  ['/login', 204, { event_type: 'AUTH_LOGIN', category: 'authentication', status: 'success' }],
  ['/login', 401, { event_type: 'AUTH_LOGIN', status: 'failure', outcome: 'denied', error_code: 'HTTP_401' }],
  ['/login', 422, { event_type: 'AUTH_LOGIN', status: 'failure', outcome: 'denied' }],
  ['/login', 500, { event_type: 'AUTH_LOGIN', status: 'failure', outcome: 'failed', severity: 'error' }],
  ['/logout', 204, { event_type: 'AUTH_LOGOUT', status: 'success' }],
  ['/other', 401, { event_type: 'AUTH_FAILURE', status: 'failure', outcome: 'denied' }],
  ['/other', 403, { event_type: 'AUTH_FAILURE', status: 'failure', outcome: 'denied' }],
])('%s answered with %i', async (path, code, expected) => {
  const host = await createHost((app) => app.post('/*path', (_req, res) => void res.sendStatus(code)), {
    requests: { loginRoutes: ['POST /login'], logoutRoutes: ['POST /logout'] },
  })
  await host.ask(path, { method: 'POST' })
  expect(await host.onlyEvent()).toMatchObject(expected)
})
