/** The route template, whole, however deep its router is and however the request ends. */
import { describe, expect, test } from '@jest/globals'
import express, { type Express, type RequestHandler, Router } from 'express'
import { createHost, dial, get } from './host.ts'

type Ends = 'answers' | 'throws' | 'rejects' | 'passes an error on'
const ENDS: readonly Ends[] = ['answers', 'throws', 'rejects', 'passes an error on']

const handlerOf = (ends: Ends): RequestHandler => {
  const error = new Error('no')
  return {
    answers: ((_req, res) => void res.send('ok')) as RequestHandler,
    throws: (() => {
      throw error
    }) as RequestHandler,
    rejects: (() => Promise.reject(error)) as RequestHandler,
    'passes an error on': ((_req, _res, next) => next(error)) as RequestHandler,
  }[ends]
}

const ordersRouter = (handler: RequestHandler) =>
  Router().get('/', handler).get('/:id', handler).get('/:id/files/*rest', handler).get('/:id/{opt/}end', handler)

type Build = (app: Express, handler: RequestHandler) => void
const ROWS: readonly (readonly [layout: string, build: Build, url: string, route: string | undefined])[] = [
  ['the app itself', (app, h) => app.get('/orders/:id', h), '/orders/1?q=2', '/orders/:id'],
  ['the root', (app, h) => app.get('/', h), '/', '/'],
  ['an array', (app, h) => app.get(['/a', '/b/:id'], h), '/b/1', '/a|/b/:id'],
  ['a regular expression', (app, h) => app.get(/^\/x(\d+)$/, h), '/x12', '/^\\/x(\\d+)$/'],
  ['a wildcard', (app, h) => app.get('/files/*rest', h), '/files/a/b', '/files/*rest'],
  ['a router', (app, h) => app.use('/orders', ordersRouter(h)), '/orders/1', '/orders/:id'],
  ['a router, in other case', (app, h) => app.use('/orders', ordersRouter(h)), '/ORDERS/1', '/orders/:id'],
  ['the root of a router', (app, h) => app.use('/orders', ordersRouter(h)), '/orders', '/orders'],
  ['the root of a router, with a slash', (app, h) => app.use('/orders/', ordersRouter(h)), '/orders/', '/orders'],
  [
    'a wildcard in a router',
    (app, h) => app.use('/orders', ordersRouter(h)),
    '/orders/1/files/a/b',
    '/orders/:id/files/*rest',
  ],
  [
    'an optional part in a router',
    (app, h) => app.use('/orders', ordersRouter(h)),
    '/orders/1/end',
    '/orders/:id/{opt/}end',
  ],
  ['a router without a path', (app, h) => app.use(ordersRouter(h)), '/7', '/:id'],
  [
    'a router in a router',
    (app, h) => app.use('/api', Router().use('/v1', Router().use('/orders', ordersRouter(h)))),
    '/api/v1/orders/1',
    '/api/v1/orders/:id',
  ],
  [
    'a mount path with a parameter',
    (app, h) => app.use('/tenants/:tenant', Router().use('/orders', ordersRouter(h))),
    '/tenants/acme/orders/1',
    '/tenants/:tenant/orders/:id',
  ],
  ['one of several mount paths', (app, h) => app.use(['/a', '/b'], ordersRouter(h)), '/b/1', '/b/:id'],
  [
    'a router that is mounted twice',
    (app, h) => {
      const router = ordersRouter(h)
      app.use('/v1/orders', router)
      app.use('/orders', router)
    },
    '/orders/1',
    '/orders/:id',
  ],
  [
    'a router that is mounted twice, once at the root',
    (app, h) => {
      const router = ordersRouter(h)
      app.use('/v1', router)
      app.use(router)
    },
    '/1',
    '/:id',
  ],
  [
    'a router that is mounted twice, once at the root, in the other',
    (app, h) => {
      const router = ordersRouter(h)
      app.use('/v1', router)
      app.use(router)
    },
    '/v1/1',
    '/v1/:id',
  ],
  [
    'a mounted app',
    (app, h) => app.use('/admin', express().get('/users/:id', h)),
    '/admin/users/1',
    '/admin/users/:id',
  ],
  [
    'an app in an app in a router',
    (app, h) => app.use('/a', Router().use('/b', express().use('/c', express().get('/:id', h)))),
    '/a/b/c/1',
    '/a/b/c/:id',
  ],
  [
    'a router in a mounted app',
    (app, h) => app.use('/admin', express().use('/orders', ordersRouter(h))),
    '/admin/orders/1',
    '/admin/orders/:id',
  ],
  [
    'a router that a closure hides',
    (app, h) => {
      const router = ordersRouter(h)
      app.use('/hidden', (req, res, next) => router(req, res, next))
    },
    '/hidden/1',
    '/hidden/:id',
  ],
  [
    'a router that is made for each request',
    (app, h) => app.use('/made', (req, res, next) => ordersRouter(h)(req, res, next)),
    '/made/1',
    '/made/:id',
  ],
  [
    'a path that was rewritten before',
    (app, h) => {
      app.use((req, _res, next) => {
        req.url = req.url.replace('/de/', '/')
        next()
      })
      app.use('/orders', ordersRouter(h))
    },
    '/de/orders/1',
    '/orders/:id',
  ],
]

for (const ends of ENDS) {
  describe(`the template of a route that ${ends}, in`, () => {
    test.each(ROWS)('%s', async (_layout, build, url, route) => {
      const host = await createHost((app) => build(app, handlerOf(ends)))
      // Twice: what was learned of the first must not change the second.
      const statuses = [await host.ask(url), await host.ask(url)].map(({ status }) => status)
      expect(statuses).toEqual(ends === 'answers' ? [200, 200] : [500, 500])
      expect(host.recorder.events.map((event) => event.route)).toEqual([route, route])
      expect(host.recorder.events[0]?.path).toBe(url.replace(/\?.*/, ''))
      const endpoints = ends === 'answers' ? [] : [`GET ${route}`, `GET ${route}`]
      expect(host.recorder.errors.map(({ endpoint }) => endpoint)).toEqual(endpoints)
    })
  })
}

test('a mounted app whose mount path has a parameter has its template, and values only when it throws first', async () => {
  const host = await createHost((app) => {
    app.use('/t/:tenant', express().get('/:id', handlerOf('answers')).get('/:id/bad', handlerOf('throws')))
  })
  await host.ask('/t/acme/1/bad')
  await host.ask('/t/acme/1')
  await host.ask('/t/acme/1/bad')
  expect(host.recorder.events.map(({ route }) => route)).toEqual([
    '/t/acme/:id/bad',
    '/t/:tenant/:id',
    '/t/:tenant/:id/bad',
  ])
})

test('a request that no route takes has a path and no route', async () => {
  const host = await createHost((app) => app.use('/orders', ordersRouter(handlerOf('answers'))))
  expect((await host.ask('/nowhere/at/all')).status).toBe(404)
  const event = await host.onlyEvent()
  expect(event.route).toBeUndefined()
  expect(event).toMatchObject({ path: '/nowhere/at/all', action_description: 'GET /nowhere/at/all' })
})

test('a route that is added later is found, and a thousand hidden ones cost no thousand searches', async () => {
  let reads = 0
  const host = await createHost((app) => {
    app.use('/made', (req, res, next) => ordersRouter(handlerOf('answers'))(req, res, next))
    app.use('/late', Router().get('/watched', handlerOf('answers')))
    app.get('/add', (_req, res) => {
      app.use('/added/:where', ordersRouter(handlerOf('answers')))
      res.send('ok')
    })
  })
  for (const path of ['/add', '/made/1', '/added/here/1']) await host.ask(path)
  expect(host.recorder.events.map(({ route }) => route)).toEqual(['/add', '/made/:id', '/added/:where/:id'])
  const { stack } = host.app.router as unknown as { stack: { rawPath: unknown }[] }
  const layer = stack.find(({ rawPath }) => rawPath === '/late')
  expect(layer).toBeDefined()
  Object.defineProperty(layer, 'rawPath', {
    get: () => {
      reads++
      return '/late'
    },
  })
  for (let at = 0; at < 100; at++) await host.ask('/made/1')
  expect(host.recorder.events.at(-1)?.route).toBe('/made/:id')
  expect(reads).toBeGreaterThan(0)
  expect(reads).toBeLessThan(40)
})

test('a target that is no path is taken as it is', async () => {
  const host = await createHost((app) => app.get('/orders/:id', handlerOf('answers')))
  const line = dial(host.port, get('http://elsewhere/orders/1?x=1') + get('/orders/%zz'))
  await line.hear('HTTP/1.1 ', 2)
  expect(host.recorder.events).toMatchObject([
    { route: '/orders/:id', path: 'http://elsewhere/orders/1', status_code: 200 },
    { path: '/orders/%zz', status_code: 400 },
  ])
})
