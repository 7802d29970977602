/** Trace and request ids: those that are given, and those that are made. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from '@jest/globals'
import { type Context, type ContextManager, context, createContextKey, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { createEventLogger } from '../../../src/capture/logger.ts'
import { onTestEnd } from '../../kit/clean-up.ts'
import { createRecorder } from '../recorder.ts'
import { createHost, dial, get } from './host.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'
const hello = () => createHost((app) => app.get('/', (_req, res) => void res.send('hello')))

describe('the trace', () => {
  test('is that of a traceparent, whose span is the parent', async () => {
    const host = await hello()
    await host.ask('/', { headers: { traceparent: `00-${TRACE}-${SPAN}-01` } })
    const event = await host.onlyEvent()
    expect(event).toMatchObject({ trace_id: TRACE, parent_span_id: SPAN })
    expect(event.span_id).toMatch(/^[0-9a-f]{16}$/)
    expect(event.span_id).not.toBe(SPAN)
  })

  test.each([
    'garbage',
    '',
    `00-${TRACE}-${SPAN}`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`,
  ])('is made instead of an invalid one: %s', async (traceparent) => {
    const host = await hello()
    await host.ask('/', { headers: { traceparent } })
    const event = await host.onlyEvent()
    expect(event.trace_id).toMatch(/^[0-9a-f]{32}$/)
    expect(event.trace_id).not.toBe(TRACE)
    expect(event.parent_span_id).toBeUndefined()
  })

  const active = { traceId: 'a'.repeat(32), spanId: 'c'.repeat(16), traceFlags: 1 }
  const inside = (around: Context, traceparent: string) => async () => {
    useContextManager()
    const host = await createHost((app) => {
      app.get('/', (_req, res) => {
        host.logger.log({ event_type: 'COMMIT' })
        res.send('hello')
      })
    })
    // As OTel's HTTP instrumentation does it: around the server's handling of the request.
    const [handler] = host.server.listeners('request')
    host.server.removeAllListeners('request')
    host.server.on('request', (...args) =>
      context.with(around, () => Reflect.apply(handler as () => void, host.server, args)),
    )
    await host.ask('/', { headers: { traceparent } })
    return host.recorder.events
  }
  const ofServer = trace.setSpan(ROOT_CONTEXT, trace.wrapSpanContext(active))

  test('is that of the active span, before that of the header', async () => {
    const events = await inside(ofServer, `00-${TRACE}-${SPAN}-01`)()
    expect(events).toMatchObject([
      { event_type: 'COMMIT', trace_id: active.traceId, parent_span_id: active.spanId },
      { event_type: 'API_REQUEST', trace_id: active.traceId, span_id: active.spanId },
    ])
    expect(events[1]?.parent_span_id).toBeUndefined()
  })

  test("is the server's span, also where instrumentation has put one around each middleware", async () => {
    const ofMiddleware = trace.wrapSpanContext({ ...active, spanId: 'd'.repeat(16) })
    const key = createContextKey('OpenTelemetry SDK Context Key RPC_METADATA')
    const rpc = { type: 'http', span: trace.wrapSpanContext(active) }
    const around = trace.setSpan(ROOT_CONTEXT.setValue(key, rpc), ofMiddleware)
    const [, request] = await inside(around, `00-${active.traceId}-${SPAN}-01`)()
    expect(request).toMatchObject({ trace_id: active.traceId, span_id: active.spanId, parent_span_id: SPAN })
  })
})

describe('the request id', () => {
  test.each(['r-1', '4bf92f35-77b3-4da6-a3ce-929d0e0e4736', 'Root=1-67891233-abcdef', 'a'.repeat(128)])(
    'is the given one: %s',
    async (given) => {
      const host = await hello()
      const answer = await host.ask('/', { headers: { 'x-request-id': given } })
      expect(answer.headers['x-request-id']).toBe(given)
      expect((await host.onlyEvent()).request_id).toBe(given)
    },
  )

  test.each(['', 'two words', '"quoted"', '<b>', 'a'.repeat(129), 'a'.repeat(10_000), 'é', 'a, b'])(
    'is made when the given one is not sane: %.20s',
    async (given) => {
      const host = await hello()
      const answer = await host.ask('/', { headers: { 'x-request-id': given } })
      const made = (await host.onlyEvent()).request_id
      expect(made).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
      expect(answer.headers['x-request-id']).toBe(made)
    },
  )

  test('is made when several are given, and when none is', async () => {
    const host = await hello()
    const line = dial(host.port, get('/', 'X-Request-Id: a', 'X-Request-Id: b') + get('/'))
    await line.hear('hello', 2)
    const ids = host.recorder.events.map(({ request_id }) => request_id)
    expect(new Set(ids).size).toBe(2)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-/)
  })
})

describe('what is logged in a request', () => {
  test('carries its ids, also after awaits, timers and callbacks, and those of no other', async () => {
    const host = await createHost((app) => {
      app.get('/:n', async (req, res) => {
        const log = (step: string): void => {
          host.logger.log({ event_type: 'COMMIT', payload: { n: req.params.n, step } })
        }
        log('at once')
        await sleep(Math.random() * 5)
        log('after a timer')
        await new Promise<void>((resolve) => setImmediate(resolve))
        log('after an immediate')
        await Promise.all([1, 2].map(() => new Promise<void>((resolve) => process.nextTick(resolve))))
        queueMicrotask(() => log('in a microtask'))
        await host.logger.withContext({ user_id: `user-${req.params.n}` }, () => sleep(1).then(() => log('as a user')))
        res.send('done')
        setTimeout(() => log('after the answer'), 1)
      })
    })
    const count = 1000
    for (let from = 0; from < count; from += 250) {
      await Promise.all(
        Array.from({ length: 250 }, (_, at) => {
          const n = from + at
          return host.ask(`/${n}`, {
            headers: { 'x-request-id': `r-${n}`, traceparent: `00-${traceOf(n)}-${SPAN}-01` },
          })
        }),
      )
    }
    await sleep(50)
    const closing = new Map(
      host.recorder.events
        .filter(({ event_type }) => event_type === 'API_REQUEST')
        .map((event) => [event.request_id, event]),
    )
    const logged = host.recorder.events.filter(({ event_type }) => event_type === 'COMMIT')
    expect(closing.size).toBe(count)
    expect(logged).toHaveLength(count * 6)
    const mixed = logged.filter(({ payload, request_id, trace_id, parent_span_id, user_id }) => {
      const { n, step } = payload as { n: string; step: string }
      return (
        request_id !== `r-${n}` ||
        trace_id !== traceOf(Number(n)) ||
        parent_span_id !== closing.get(`r-${n}`)?.span_id ||
        user_id !== (step === 'as a user' ? `user-${n}` : undefined)
      )
    })
    expect(mixed).toEqual([])
  })

  test('inherits nothing from the request before it on the socket, nor from where the server was started', async () => {
    const recorder = createRecorder()
    const logger = createEventLogger(recorder)
    const started = logger.withContext({ session_id: 'of the start' }, () =>
      createHost(
        (app) => {
          app.get('/first', (_req, res) => logger.withContext({ user_id: 'first' }, () => void res.send('<first>')))
          app.get('/second', (_req, res) => {
            logger.log({ event_type: 'COMMIT' })
            res.send('<second>')
          })
        },
        { recorder },
      ),
    )
    const line = dial((await started).port, get('/first') + get('/second'))
    await line.hear('<second>')
    const logged = recorder.events.find(({ event_type }) => event_type === 'COMMIT')
    expect(logged).toBeDefined()
    expect(logged?.user_id).toBeUndefined()
    expect(logged?.session_id).toBeUndefined()
    expect(logged?.request_id).toBe(recorder.events.at(-1)?.request_id)
  })
})

const traceOf = (n: number): string => (n + 1).toString(16).padStart(32, '0')

/** What `@opentelemetry/context-async-hooks` does, in short. */
function useContextManager(): void {
  const storage = new AsyncLocalStorage<Context>()
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, fn, self, ...args) => storage.run(active, () => Reflect.apply(fn, self, args)),
    bind: (_context, target) => target,
    enable: () => manager,
    disable: () => manager,
  }
  context.setGlobalContextManager(manager)
  onTestEnd(() => context.disable())
}

afterEach(() => context.disable())
