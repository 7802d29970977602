/** Mounted twice, two event logs, requests of our own, and sinks that fail. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import express, { type RequestHandler, type Response } from 'express'
import { createErrorHandler } from '../../../src/capture/express/errors.ts'
import { createExpressCapture } from '../../../src/capture/express/middleware.ts'
import { createEventLogger } from '../../../src/capture/logger.ts'
import { createRecorder, type Recorder } from '../recorder.ts'
import { ask, createHost, listen } from './host.ts'

const ok: RequestHandler = (_req, res) => void res.send('ok')

test('the middleware mounted three times makes one event', async () => {
  const recorder = createRecorder()
  const { middleware } = createExpressCapture(recorder, { actor: undefined })
  const app = express().use(middleware, middleware)
  app.use('/in', express().use(middleware).get('/', ok))
  const { port } = await listen(app)
  await ask(port, '/in')
  await sleep(25)
  expect(recorder.events).toHaveLength(1)
})

test('a request that the host dispatches anew makes one event', async () => {
  const host = await createHost((app) => {
    app.get('/old', (req, res) => {
      req.url = '/new'
      const again: unknown = app
      ;(again as (...args: unknown[]) => void)(req, res)
    })
    app.get('/new', ok)
  })
  expect((await host.ask('/old')).body).toBe('ok')
  expect(await host.onlyEvent()).toMatchObject({ path: '/old', route: '/new' })
})

test('two event logs have an event each, with the same trace and request id', async () => {
  const recorders = [createRecorder(), createRecorder()] as const
  const app = express()
  for (const recorder of recorders) app.use(createExpressCapture(recorder, { actor: undefined }).middleware)
  const [logger] = recorders.map((recorder) => createEventLogger(recorder))
  app.get('/', (_req, res) => {
    logger?.log({ event_type: 'COMMIT' })
    res.send('ok')
  })
  const { port } = await listen(app)
  const { headers } = await ask(port, '/')
  await sleep(25)
  const [[logged, first], [second]] = [recorders[0].events, recorders[1].events]
  expect([recorders[0].events.length, recorders[1].events.length]).toEqual([2, 1])
  expect(second?.id).not.toBe(first?.id)
  for (const event of [logged, first, second]) {
    expect(event).toMatchObject({ trace_id: first?.trace_id, request_id: headers['x-request-id'] })
  }
})

describe('a request to our own routes', () => {
  const createDisowned = async (handler: RequestHandler) => {
    const recorder = createRecorder()
    const capture = createExpressCapture(recorder, { actor: undefined })
    const app = express().use(capture.middleware)
    app.use('/daybook', (req, res, next) => {
      capture.disown(req)
      return handler(req, res, next)
    })
    app.get('/', ok)
    app.use(createErrorHandler(recorder, capture))
    return { recorder, ...(await listen(app)) }
  }

  test('is not recorded, whatever becomes of it', async () => {
    for (const handler of [
      ok,
      (() => {
        throw new Error('ours')
      }) as RequestHandler,
      ((_req, res) => void res.destroy()) as RequestHandler,
    ]) {
      const { recorder, port } = await createDisowned(handler)
      await ask(port, '/daybook/events').catch(() => undefined)
      await ask(port, '/')
      await sleep(25)
      expect(recorder.events.map(({ path }) => path)).toEqual(['/'])
      expect(recorder.errors).toEqual([])
    }
  })

  test('that never entered the middleware is no trouble', () => {
    const { disown } = createExpressCapture(createRecorder(), { actor: undefined })
    expect(() => disown({} as Parameters<typeof disown>[0])).not.toThrow()
  })
})

describe('the response is the same with a sink that', () => {
  const fail = (): never => {
    throw new Error('the sink failed')
  }
  const slow = (): undefined => {
    const end = performance.now() + 20
    while (performance.now() < end);
    return undefined
  }
  const SINKS: readonly (readonly [string, Partial<Recorder>])[] = [
    ['throws', { event: fail, error: fail, identify: fail }],
    ['sheds', { event: () => undefined, error: () => undefined }],
    ['is slow', { event: slow, error: slow }],
  ]
  test.each(SINKS)('%s', async (_what, parts) => {
    const logged: unknown[] = []
    const routes: Parameters<typeof createHost>[0] = (app, { logger }) => {
      app.get('/', (_req, res) => {
        logged.push(logger.log({ event_type: 'COMMIT' }), logger.error(new Error('caught')))
        res.status(201).send('ok')
      })
      app.get('/bad', () => {
        throw new Error('no')
      })
    }
    const onError: express.ErrorRequestHandler = (error: Error, _req, res: Response, _next) =>
      void res.status(500).send(error.message)
    const broken = await createHost(routes, { onError, recorder: { ...createRecorder(), ...parts } })
    const sound = await createHost(routes, { onError })
    for (const path of ['/', '/bad', '/nowhere']) {
      const [left, right] = [await broken.ask(path), await sound.ask(path)]
      expect([left.status, left.body]).toEqual([right.status, right.body])
    }
    expect(logged.slice(0, 2)).toEqual([undefined, undefined])
  })
})

test('an app without a trace of Express around it is served all the same', () => {
  const { middleware } = createExpressCapture(createRecorder(), { actor: undefined })
  let passed = 0
  const untyped: unknown = middleware
  const call = untyped as (req: unknown, res: unknown, next: () => void) => void
  for (const [req, res] of [
    [{}, {}],
    [undefined, undefined],
    [{ headers: {} }, Object.freeze({ on: () => undefined })],
    ['text', 1],
  ])
    call(req, res, () => void passed++)
  expect(passed).toBe(4)
})

test('what the host throws in next goes to the host, once', () => {
  const { middleware } = createExpressCapture(createRecorder(), { actor: undefined })
  let calls = 0
  const untyped: unknown = middleware
  const call = (): void =>
    (untyped as (req: unknown, res: unknown, next: () => void) => void)({}, {}, () => {
      calls++
      throw new Error('of the host')
    })
  expect(call).toThrow('of the host')
  expect(calls).toBe(1)
})
