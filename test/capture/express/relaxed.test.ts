/** Events that may be written shortly after their answers. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, jest, test } from '@jest/globals'
import express, { type Response } from 'express'
import { idToMs } from '../../../src/event/id.ts'
import { toInternals } from '../../../src/internals.ts'
import { eventLogging } from '../../../src/logging.ts'
import { onTestEnd } from '../../kit/clean-up.ts'
import { createTestFolder } from '../../kit/folder.ts'
import { readLines } from '../otel/spool-lines.ts'
import { createHost, type HostOptions } from './host.ts'

const relaxed = (options: Partial<HostOptions> = {}): HostOptions => ({ ...options, together: (work) => work() })
const typesOf = (events: readonly { event_type: string }[]): string[] => events.map(({ event_type }) => event_type)

test('a request ends when it ended, though others are written first', async () => {
  const { ask, recorder, capture } = await createHost((app, { logger }) => {
    app.get('/', (_req, res) => {
      res.json({})
      logger.log({ event_type: 'AFTERWARDS' })
    })
  }, relaxed())
  await ask('/')
  capture.settle()
  expect(typesOf(recorder.events)).toEqual(['AFTERWARDS', 'API_REQUEST'])
  const [after, request] = recorder.events
  expect(String(request?.created_at) < String(after?.created_at)).toBe(true)
  // Within a millisecond, ids are in no order.
  expect(idToMs(String(request?.id))).toBe(Date.parse(String(request?.created_at)))
})

test('nobody has to ask for it', async () => {
  const { ask, onlyEvent } = await createHost((app) => app.get('/', (_req, res) => void res.json({})), relaxed())
  await ask('/')
  expect(await onlyEvent()).toMatchObject({ event_type: 'API_REQUEST', status_code: 200 })
})

test('of many that are answered in one turn so many are written then that the host is not held up later, and each once', async () => {
  const open: Response[] = []
  const all = Promise.withResolvers<void>()
  const { ask, recorder, capture } = await createHost((app) => {
    app.get('/:n', (_req, res) => {
      if (open.push(res) === 70) all.resolve()
    })
  }, relaxed())
  const asked = Array.from({ length: 70 }, (_, n) => ask(`/${n}`))
  await all.promise
  for (const res of open) res.json({})
  expect(recorder.events).toHaveLength(64)
  capture.settle()
  capture.settle()
  expect(new Set(recorder.events.map(({ path }) => path)).size).toBe(70)
  expect(recorder.events).toHaveLength(70)
  await Promise.all(asked)
})

test('a body is kept as it was when it was answered', async () => {
  const options = relaxed({ requests: { requestBodies: ['/'] } })
  const { ask, onlyEvent } = await createHost((app) => {
    app.post('/', express.json(), (req, res) => {
      res.json({})
      req.body.amount = 0
    })
  }, options)
  await ask('/', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"amount":17}' })
  expect((await onlyEvent()).payload).toEqual({ request: { amount: 17 } })
})

test('an error after the answer names the event that is still to be written', async () => {
  const { ask, onlyError, onlyEvent } = await createHost((app) => {
    app.get('/', (_req, res) => {
      res.json({})
      throw new Error('too late')
    })
  }, relaxed())
  await ask('/')
  const [event, error] = [await onlyEvent(), await onlyError()]
  expect(error.event_id).toBe(event.id)
})

test('what is answered right before the event log ends is written', async () => {
  const dir = createTestFolder()
  const database = 'postgres://nobody@127.0.0.1:1/none'
  const logging = eventLogging({ dir, database, durability: 'relaxed', onNotice: () => undefined })
  const asked = Promise.withResolvers<Response>()
  const app = express().use(logging)
  app.get('/last', (_req, res) => asked.resolve(res))
  const server = app.listen(0, '127.0.0.1')
  onTestEnd(() => void server.close())
  await once(server, 'listening')
  const answer = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/last`)
  const res = await asked.promise
  // The last that is waited for: the 10 ms are not over when it goes on.
  jest.spyOn(toInternals(logging).supervisor, 'flush').mockImplementation(async () => {
    res.json({})
    return true
  })
  await logging.close()
  expect((await answer).status).toBe(200)
  expect(readLines(dir).events.map(({ path }) => path)).toContain('/last')
})
