/** Events that may be written shortly after their answers. */
import { expect, test } from '@jest/globals'
import express from 'express'
import { idToMs } from '../../../src/event/id.ts'
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
