/** Made-up requests to two hosts, one with the capture and one without: the same answers, and one event each. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { beforeAll, expect, jest, test } from '@jest/globals'
import type { RequestHandler } from 'express'
import { createErrorHandler } from '../../../src/capture/express/errors.ts'
import { createExpressCapture } from '../../../src/capture/express/middleware.ts'
import { waitUntil } from '../../kit/wait-until.ts'
import { createRandom } from '../../refine/random.ts'
import { createRecorder } from '../recorder.ts'
import { buildTwin, type Conversation, planConversation } from './differential.ts'
import { listen } from './host.ts'

const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 1_121)
const REQUESTS = Number(process.env.DIFFERENTIAL_REQUESTS ?? 2_500)
/** Conversations at a time. */
const SIDE_BY_SIDE = 8
/** One that leaves waits no longer than this for what it wants to have heard. */
const PATIENCE_MS = 50

beforeAll(() => void jest.spyOn(console, 'error').mockImplementation(() => undefined))

test(`${REQUESTS} requests (seed ${SEED})`, async () => {
  const random = createRandom(SEED)
  let ids = 0
  const plan: Conversation[] = []
  while (ids < REQUESTS) plan.push(planConversation(random, () => `r${++ids}`))

  const recorder = createRecorder()
  const capture = createExpressCapture(recorder, {
    actor: undefined,
    requests: {
      slowMs: 0,
      floodPerMinute: 0,
      bodyMaxBytes: 4_096,
      requestBodies: ['/*'],
      responseBodies: ['/*'],
      arrivals: true,
    },
  })
  const nothing: RequestHandler = (_req, _res, next) => next()
  const [plainSeen, seen] = [[] as string[], [] as string[]]
  const plain = await listen(buildTwin(nothing, (id) => void plainSeen.push(id)))
  const captured = buildTwin(capture.middleware, (id) => void seen.push(id))
  captured.use(createErrorHandler(recorder, capture))
  const { port } = await listen(captured)

  const differing: unknown[] = []
  const queue = [...plan]
  const take = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [without, withUs] = await Promise.all([hold(plain.port, next), hold(port, next)])
      if (next.leavesAfter === undefined && without !== withUs) differing.push({ ...next, without, withUs })
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, take))

  const closings = (): string[] =>
    recorder.events.filter(({ status }) => status !== 'in_progress').map(({ request_id }) => String(request_id))
  await waitUntil(() => closings().length >= seen.length, { what: 'a closing event for each request' })
  expect(differing).toEqual([])
  expect(closings().sort()).toEqual(seen.sort())
  expect(recorder.events.length).toBe(2 * seen.length)
  // The run is of what it says: most came to the hosts, and they answered in many ways.
  expect(seen.length).toBeGreaterThan(REQUESTS * 0.8)
  expect(new Set(recorder.events.map(({ status_code }) => status_code)).size).toBeGreaterThan(15)
  expect(recorder.events.filter(({ error_code }) => error_code === 'CLIENT_ABORTED').length).toBeGreaterThan(50)
})

/** What was heard, in a form that twins share. */
async function hold(port: number, { requests, leavesAfter }: Conversation): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  let heard = 0
  const leave = (): void => void socket.destroy()
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    heard += chunk.length
    if (leavesAfter !== undefined && heard >= leavesAfter) leave()
  })
  socket.write(requests.map(({ bytes }) => bytes).join(''))
  const patience = leavesAfter === undefined ? undefined : setTimeout(leave, PATIENCE_MS)
  await once(socket, 'close')
  clearTimeout(patience)
  return toComparable(Buffer.concat(chunks).toString('latin1'))
}

/** Without what differs by the clock; long answers by their hash, chunks joined as the kernel happened to cut them. */
function toComparable(heard: string): string {
  const stable = heard.replace(/^(?:Date|X-Request-Id): .*\r\n/gm, '')
  return stable.length < 2_000
    ? stable
    : `${stable.slice(0, 300)}… ${createHash('sha256').update(stable).digest('hex')}`
}
