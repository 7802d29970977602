/** What a handler throws is written down and reaches the host's own handlers as it was. */
import { describe, expect, test } from '@jest/globals'
import express, { type ErrorRequestHandler } from 'express'
import { createErrorHandler } from '../../../src/capture/express/errors.ts'
import { createExpressCapture } from '../../../src/capture/express/middleware.ts'
import { createRecorder, type Recorder } from '../recorder.ts'
import { ask, createHost, listen } from './host.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'

describe('the error handler', () => {
  test('links the error to the closing event of its request', async () => {
    const host = await createHost((app) => {
      app.use((req, _res, next) => {
        Object.assign(req, { user: { id: 'ada', name: 'Ada' }, sessionID: 's-1' })
        next()
      })
      app.get('/orders/:id', async () => {
        await Promise.resolve()
        throw new TypeError('no such order')
      })
    })
    await host.ask('/orders/1', { headers: { traceparent: `00-${TRACE}-b7ad6b7169203331-01`, 'x-request-id': 'r-1' } })
    const event = await host.onlyEvent()
    const error = await host.onlyError()
    expect(error).toMatchObject({
      error_type: 'TypeError',
      message: 'no such order',
      endpoint: 'GET /orders/:id',
      trace_id: TRACE,
      span_id: event.span_id,
      request_id: 'r-1',
      event_id: event.id,
      user_id: 'ada',
      session_id: 's-1',
      handled: true,
    })
    expect(error.stack).toContain('errors.test')
    expect(event).toMatchObject({ trace_id: TRACE, user_id: 'ada', event_type: 'API_ERROR' })
  })

  const frozen = Object.freeze(new Error('frozen'))
  const THROWN: readonly (readonly [string, unknown, string])[] = [
    ['an Error', new Error('plain'), 'Error'],
    ['text', 'only text', 'string'],
    ['a number', 42, 'number'],
    ['a frozen error', frozen, 'Error'],
    ['an object', { a: 1 }, 'object'],
    ['a symbol', Symbol('s'), 'symbol'],
    ['an error whose status throws', throwingStatus(), 'Error'],
    ['a 4xx', Object.assign(new Error('gone'), { status: 410 }), ''],
  ]
  test.each(THROWN)('passes %s on once, as it is', async (_what, thrown, type) => {
    const seen: unknown[] = []
    const host = await createHost(
      (app) =>
        app.get('/', () => {
          throw thrown
        }),
      {
        onError: (error, _req, res, _next) => {
          seen.push(error)
          res.status(500).send('sorry')
        },
      },
    )
    await host.ask('/')
    await host.onlyEvent()
    expect(seen).toHaveLength(1)
    expect(seen[0]).toBe(thrown)
    expect(host.recorder.errors.map(({ error_type }) => error_type)).toEqual(type ? [type] : [])
  })

  test('calls next exactly once, also when everything fails around it', () => {
    const broken: Recorder = {
      ...createRecorder(),
      identify: fail,
      error: fail,
      event: fail,
    }
    const onError = createErrorHandler(broken, createExpressCapture(broken, { actor: fail }))
    const passed: unknown[] = []
    const error = new Error('of the host')
    const call = (req: unknown): void => {
      const untyped: unknown = onError
      ;(untyped as (...args: unknown[]) => void)(error, req, {}, (thrown: unknown) => passed.push(thrown))
    }
    call({ headers: {}, originalUrl: '/', method: 'GET' })
    call({})
    call(undefined)
    call(new Proxy({}, { get: fail }))
    expect(passed).toEqual([error, error, error, error])
  })

  test('logs the error of an app without the middleware', async () => {
    const recorder = createRecorder()
    const app = express()
    app.get('/x/:id', () => {
      throw new Error('alone')
    })
    app.use(createErrorHandler(recorder, createExpressCapture(recorder, { actor: undefined })))
    const { port } = await listen(app)
    expect((await ask(port, '/x/1', { headers: { traceparent: `00-${TRACE}-b7ad6b7169203331-01` } })).status).toBe(500)
    expect(recorder.events).toHaveLength(0)
    expect(recorder.errors).toMatchObject([{ message: 'alone', endpoint: 'GET /x/:id', trace_id: TRACE }])
    expect(recorder.errors[0]?.event_id).toBeUndefined()
    await ask(port, '/x/1')
    expect(recorder.errors[1]?.trace_id).toBeUndefined()
  })

  test('writes an error down once when it passes the handler of a router and that of the app', async () => {
    const recorder = createRecorder()
    const capture = createExpressCapture(recorder, { actor: undefined })
    const app = express().use(capture.middleware)
    const router = express.Router().get('/', () => {
      throw new Error('twice seen')
    })
    router.use(createErrorHandler(recorder, capture))
    app.use('/in', router, createErrorHandler(recorder, capture))
    const { port } = await listen(app)
    await ask(port, '/in')
    expect(recorder.errors).toHaveLength(1)
    expect(recorder.events).toHaveLength(1)
    expect(recorder.errors[0]?.event_id).toBe(recorder.events[0]?.id)
  })

  test('leaves out what a tool or the app itself has written down in this request, and no other', async () => {
    const thrown = new Error('thrown on')
    const host = await createHost((app, { logger }) => {
      app.get('/tool', () => logger.agent({ agent_id: 'a' }).tool('search', {}, () => Promise.reject(thrown)))
      app.get('/logged', () => {
        logger.error(thrown)
        throw thrown
      })
      app.get('/alone', () => {
        throw thrown
      })
    })
    await ask(host.port, '/tool')
    expect(host.recorder.errors).toMatchObject([{ agent_id: 'a' }])
    await ask(host.port, '/logged')
    expect(host.recorder.errors).toHaveLength(2)
    await ask(host.port, '/alone')
    expect(host.recorder.errors[2]).toMatchObject({ endpoint: 'GET /alone' })
    const ends = host.recorder.events.filter(({ method }) => method === 'GET')
    expect(ends.map(({ event_type }) => event_type)).toEqual(['API_ERROR', 'API_ERROR', 'API_ERROR'])
    expect(host.recorder.errors.map(({ trace_id }) => trace_id)).toEqual(ends.map(({ trace_id }) => trace_id))
  })

  test('writes down what a handler of the host throws in its turn', async () => {
    const host = await createHost((app) => {
      app.get('/', () => {
        throw new Error('first')
      })
      const rethrow: ErrorRequestHandler = (cause, _req, _res, _next) => {
        throw new Error('second', { cause })
      }
      app.use(rethrow)
    })
    await host.ask('/')
    expect(await host.onlyError()).toMatchObject({ message: 'second', event_id: (await host.onlyEvent()).id })
  })
})

function fail(): never {
  throw new Error('broken')
}

function throwingStatus(): Error {
  return Object.defineProperty(new Error('plain'), 'status', { get: fail })
}
