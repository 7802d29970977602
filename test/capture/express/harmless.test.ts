/** A host answers the same bytes with the capture as without it. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, jest, test } from '@jest/globals'
import express, { type Express, type RequestHandler } from 'express'
import { createErrorHandler } from '../../../src/capture/express/errors.ts'
import { createExpressCapture } from '../../../src/capture/express/middleware.ts'
import { waitUntil } from '../../kit/wait-until.ts'
import { createRecorder } from '../recorder.ts'
import { ask, dial, get, listen } from './host.ts'
import { ANSWERS } from './scenarios/answers.ts'
import { FLOW } from './scenarios/flow.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { STREAMS } from './scenarios/streams.ts'
import { WRAPPERS } from './scenarios/wrappers.ts'

const SCENARIOS = [...ANSWERS, ...STREAMS, ...FLOW, ...WRAPPERS]

// In production, where Express's answers hold no stacks, it writes them there.
beforeAll(() => void jest.spyOn(console, 'error').mockImplementation(() => undefined))

const nothing: RequestHandler = (_req, _res, next) => next()

/** All that is heard on a socket for each of the asks, but for the headers that differ from one answer to the next. */
async function hear({ build, asks }: Scenario, capture: RequestHandler, after?: express.ErrorRequestHandler) {
  const app = express()
  build(app, capture)
  if (after) app.use(after)
  const { port } = await listen(app)
  const heard: string[] = []
  for (const text of asks) {
    const line = dial(port, text)
    await line.closed
    heard.push(toComparable(line.heard()))
  }
  return heard
}

function toComparable(heard: string): string {
  const stable = heard.replace(/^(Date: |X-Request-Id: (?!own)).*\r\n/gm, '')
  if (stable.length < 1_000_000) return stable
  const head = stable.slice(0, stable.indexOf('\r\n\r\n'))
  const body = stable
    .slice(head.length + 4)
    .replace(/^[0-9a-f]+\r\n/gm, '')
    .replaceAll('\r\n', '')
  return `${head} ${createHash('sha256').update(body).digest('hex')}`
}

describe('the same bytes with the capture and without it', () => {
  test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
    const recorder = createRecorder()
    const capture = createExpressCapture(recorder, { actor: undefined })
    const without = await hear(scenario, nothing)
    expect(without.join('\n')).toContain(scenario.proof)
    expect(await hear(scenario, capture.middleware)).toEqual(without)
    // All were seen, but one that Node itself refused before the app.
    const seen = (): number => recorder.events.length + refused(without)
    await waitUntil(() => seen() >= scenario.asks.length, { what: 'an event of each' })
    expect(seen()).toBe(scenario.asks.length)
    expect(await hear(scenario, capture.middleware, createErrorHandler(recorder, capture))).toEqual(
      await hear(scenario, nothing, (error, _req, _res, next) => next(error)),
    )
  })
})

test('where our header is the only one, Node groups the repeated ones of an array by their first spelling', async () => {
  const scenario: Scenario = {
    name: 'raw headers',
    proof: '',
    build: (app, capture) => {
      app.disable('x-powered-by').use(capture)
      app.get('/', (_req, res) => void res.writeHead(200, ['X-A', '1', 'x-b', '2', 'x-a', '3']).end('b'))
    },
    asks: [get('/', 'Connection: close')],
  }
  const { middleware } = createExpressCapture(createRecorder(), { actor: undefined })
  const [[without], [withUs]] = [await hear(scenario, nothing), await hear(scenario, middleware)]
  const lines = (text = ''): string[] => text.toLowerCase().split('\r\n').sort()
  expect(lines(without)).toContain('x-a: 3')
  expect(lines(withUs)).toEqual(lines(without))
})

const refused = (heard: readonly string[]): number => heard.filter((text) => text.includes(' 417 ')).length

const visible = (object: object): PropertyKey[] =>
  Reflect.ownKeys(object).sort((a, b) => (String(a) < String(b) ? -1 : 1))

test('nothing of ours shows on request and response but the replaced end, and one listener', async () => {
  const seen: { keys: PropertyKey[][]; listeners: number[] }[] = []
  const look = (app: Express): void => {
    app.get('/', (req, res) => {
      seen.push({
        keys: [visible(req), visible(res), visible(req.socket)],
        listeners: [req, res, req.socket].flatMap((emitter) =>
          ['close', 'end', 'error', 'finish', 'data', 'drain'].map((name) => emitter.listenerCount(name)),
        ),
      })
      res.send('ok')
    })
  }
  const capture = createExpressCapture(createRecorder(), { actor: undefined })
  for (const middleware of [nothing, capture.middleware]) {
    const app = express().use(middleware)
    look(app)
    await ask((await listen(app)).port, '/')
  }
  const [without, withUs] = seen
  expect(withUs?.keys[0]).toEqual(without?.keys[0])
  expect(withUs?.keys[1]?.filter((key) => key !== 'end')).toEqual(without?.keys[1])
  // Node's own, once anybody has asked a socket for its address.
  expect(withUs?.keys[2]?.filter((key) => key !== '_peername')).toEqual(without?.keys[2])
  const added = withUs?.listeners.map((count, at) => count - (without?.listeners[at] ?? 0)) ?? []
  expect(added.reduce((sum, count) => sum + count, 0)).toBe(1)
})

test('the context of the host stays that of the host', async () => {
  const own = new AsyncLocalStorage<string>()
  const app = express().use((_req, _res, next) => own.run('of the host', next))
  app.use(createExpressCapture(createRecorder(), { actor: undefined }).middleware)
  app.get('/', async (_req, res) => {
    await sleep(1)
    res.send(own.getStore())
  })
  expect((await ask((await listen(app)).port, '/')).body).toBe('of the host')
})

test('thousands of requests on a few sockets leave no listener behind and warn of none', async () => {
  const warnings: string[] = []
  const onWarning = ({ name }: Error): void => void warnings.push(name)
  process.on('warning', onWarning)
  const recorder = createRecorder()
  const app = express().use(createExpressCapture(recorder, { actor: undefined }).middleware)
  let listeners = 0
  app.get('/', (req, res) => {
    listeners = Math.max(listeners, req.socket.listenerCount('close') + res.listenerCount('close'))
    res.end('ok')
  })
  const { port } = await listen(app)
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      const line = dial(port, '')
      for (let batch = 1; batch <= 5; batch++) {
        line.socket.write(get('/').repeat(100))
        await line.hear('HTTP/1.1 200', batch * 100)
      }
    }),
  )
  process.off('warning', onWarning)
  expect(recorder.events).toHaveLength(5000)
  expect(listeners).toBeLessThan(10)
  expect(warnings).toEqual([])
})
