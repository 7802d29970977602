/** Errors, and the ways of a request through routers and apps. */
import express, { type Express, type RequestHandler, type Response } from 'express'
import { ask, at, type Scenario, scenario } from './scenario.ts'

const thrower = (error: unknown): RequestHandler => {
  return () => {
    throw error
  }
}

const routing = (app: Express): void => {
  app.get('/Case', (_req, res) => void res.send('case'))
  app.get('/slash/', (_req, res) => void res.send('slash'))
}

export const FLOW: readonly Scenario[] = [
  scenario('an error that is thrown', ' 500 ', at(thrower(new Error('no')))),
  scenario(
    'an error that says 404',
    ' 404 ',
    at(thrower(Object.assign(new Error('no'), { status: 404, headers: { 'X-Why': 'gone' } }))),
  ),
  scenario('text that is thrown', ' 500 ', at(thrower('only text'))),
  scenario('null that is thrown', ' 404 ', at(thrower(null))),
  scenario(
    'a rejection without a reason',
    ' 500 ',
    at(() => Promise.reject(undefined)),
  ),
  scenario(
    'a throw after the headers',
    'half',
    at((_req, res) => {
      res.write('half')
      throw new Error('late')
    }),
  ),
  scenario(
    'an end that Node refuses',
    ' 500 ',
    at((_req, res) => void res.end(123 as unknown as string)),
  ),
  scenario(
    'a status that Node refuses',
    ' 500 ',
    at((_req, res) => {
      res.statusCode = 1000
      res.end('x')
    }),
  ),
  scenario(
    'end twice, write after the end',
    'once',
    at((_req, res) => {
      res.on('error', () => undefined)
      res.end('once')
      res.end('twice')
      res.write('thrice')
    }),
  ),
  scenario('a promise of a router, and next twice', 'fell through', (app) => {
    app.get('/', async (_req, _res, next) => {
      next()
      await Promise.resolve()
      next('router')
    })
    app.use((_req, res: Response) => void (res.headersSent || res.send('fell through')))
  }),
  scenario('an error handler of the host', 'own handler', (app) => {
    at(thrower(new Error('no')))(app)
    const onError: express.ErrorRequestHandler = (error: Error, _req, res, _next) =>
      void res.status(502).json({ own: 'own handler', message: error.message })
    app.use(onError)
  }),
  scenario(
    'options that the router answers',
    'Allow: GET, HEAD, POST',
    (app) => {
      app.get('/o', (_req, res) => void res.send('get'))
      app.post('/o', (_req, res) => void res.send('post'))
    },
    ask('OPTIONS', '/o'),
  ),
  scenario(
    'apps in apps',
    'inner /in /deep/1',
    (app) => {
      const inner = express()
      inner.get('/deep/:id', (req, res) => void res.send(`inner ${req.baseUrl} ${req.url} ${inner.path()}`))
      app.use('/in', inner)
      app.get('/back', (req, res) => void res.send(`${req.app === app}`))
    },
    ask('GET', '/in/deep/1'),
    ask('GET', '/in/none'),
    ask('GET', '/back'),
  ),
  {
    name: 'routing settings that are set after the first app.use',
    proof: 'case',
    build: (app, capture) => {
      app.use(capture)
      app.enable('case sensitive routing').enable('strict routing')
      routing(app)
    },
    asks: ['/case', '/Case', '/slash', '/slash/'].map((path) => ask('GET', path)),
  },
  scenario(
    'strict routers',
    ' 404 ',
    (app) => {
      const strict = express.Router({ caseSensitive: true, strict: true })
      strict.get('/Case', (_req, res) => void res.send('case'))
      app.use(strict)
    },
    ask('GET', '/case'),
    ask('GET', '/Case'),
    ask('GET', '/Case/'),
  ),
]
