/** Thousands of requests at once, with timers, emitters and pools inside: nobody's event has another's context. */
import { EventEmitter } from 'node:events'
import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import type { Express } from 'express'
import { createHost, type Host } from './host.ts'

const REQUESTS = 10_000
const AT_ONCE = 500
/** Events that each request logs beside its own. */
const STEPS = ['at once', 'after a timer', 'after an event', 'after a shared promise', 'in its own context'] as const

/** One of each for all requests, as hosts have buses and caches. */
const bus = new EventEmitter().setMaxListeners(0)
let tick = Promise.resolve()

const routes = (app: Express, { logger }: Pick<Host, 'logger'>): void => {
  app.get('/work/:tag', async (req, res) => {
    const { tag } = req.params
    const log = (step: string): void => void logger.log({ event_type: 'STEP', comments: tag, entity_id: step })
    log('at once')
    await sleep(Number(tag) % 7)
    log('after a timer')
    await new Promise<void>((resolve) => {
      bus.once(tag, resolve)
      setImmediate(() => bus.emit(tag))
    })
    log('after an event')
    tick = tick.then(() => undefined)
    await tick
    log('after a shared promise')
    await logger.withContext({ session_id: `session ${tag}` }, async () => {
      await sleep(1)
      log('in its own context')
    })
    res.send(tag)
  })
}

test(`${REQUESTS} requests, ${AT_ONCE} at once`, async () => {
  const { ask, recorder } = await createHost(routes)
  const agent = new Agent({ keepAlive: true })
  let next = 0
  const run = async (): Promise<void> => {
    for (let n = next++; n < REQUESTS; n = next++) {
      expect((await ask(`/work/${n}`, { agent, headers: { 'X-Request-Id': `request-${n}` } })).body).toBe(String(n))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, run))
  agent.destroy()

  const steps = recorder.events.filter(({ event_type }) => event_type === 'STEP')
  const closings = new Map(
    recorder.events.filter(({ event_type }) => event_type === 'API_REQUEST').map((event) => [event.request_id, event]),
  )
  expect([steps.length, closings.size]).toEqual([REQUESTS * STEPS.length, REQUESTS])
  const strays = steps.filter(({ comments, request_id, trace_id, parent_span_id, session_id, entity_id }) => {
    const own = closings.get(`request-${comments}`)
    const session = entity_id === 'in its own context' ? `session ${comments}` : undefined
    const isOwn = request_id === own?.request_id && trace_id === own?.trace_id && parent_span_id === own?.span_id
    return !isOwn || session_id !== session
  })
  expect(strays).toEqual([])
})
