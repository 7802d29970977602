/** Attack 63: requests that no route answers, by the thousand. */
import { expect, test } from '@jest/globals'
import { toFlood } from '../../../src/capture/express/flood.ts'
import type { Closing } from '../../../src/capture/express/step.ts'
import type { Draft } from '../../../src/event/event.ts'
import { waitUntil } from '../../kit/wait-until.ts'
import { createHost } from './host.ts'

const FLOOD = 500

async function flooded(floodPerMinute: number) {
  const host = await createHost(
    (app) => {
      app.set('trust proxy', true)
      app.get('/orders/:id', (_req, res) => void res.json({}))
      app.get('/secret', (_req, res) => void res.sendStatus(403))
    },
    { requests: { floodPerMinute } },
  )
  const ask = (path: string, address: string) => host.ask(path, { headers: { 'x-forwarded-for': address } })
  for (let i = 0; i < FLOOD; i += 50)
    await Promise.all(Array.from({ length: 50 }, (_, n) => ask(`/.env.${i + n}`, '203.0.113.7')))
  for (let i = 0; i < 20; i++) {
    await ask('/nowhere', '198.51.100.9')
    await ask('/orders/1', '203.0.113.7')
    await ask('/secret', '203.0.113.7')
  }
  const { events } = host.recorder
  await waitUntil(() => events.filter(({ path }) => path === '/secret').length === 20, { what: 'the last request' })
  return (path: string) => events.filter((event) => event.path?.startsWith(path))
}

test('of a flood from one address few become events, and all of its denials, its other requests and of everybody else', async () => {
  const eventsOf = await flooded(20)
  const ofFlood = eventsOf('/.env')
  // Two minutes at most: 20, and one in a hundred of more, for each of them.
  expect(ofFlood.length).toBeGreaterThanOrEqual(21)
  expect(ofFlood.length).toBeLessThanOrEqual(2 * 20 + FLOOD / 100 + 2)
  // Where a minute ends in the midst of it, its last one may be among the first 20 of the next.
  expect(ofFlood.map(({ metadata }) => metadata)).toContainEqual(expect.objectContaining({ sample_ratio: 0.01 }))
  expect(eventsOf('/nowhere')).toHaveLength(20)
  expect(eventsOf('/orders/1')).toHaveLength(20)
  expect(eventsOf('/secret')).toHaveLength(20)
})

test('with the protection off all of it does', async () => {
  const eventsOf = await flooded(0)
  expect(eventsOf('/.env')).toHaveLength(FLOOD)
})

const REQUEST = { slowMs: 1_000, bodyMaxBytes: 0 }

function closingOf(draft: Draft, arrival?: 'logged'): Closing {
  return { draft, state: { arrival }, res: { getHeader: () => undefined } } as unknown as Closing
}

test.each([
  ['an IPv6 network', ['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2:3:4:5:6'], ['2001:db8:1:3::1']],
  ['an IPv4 address', ['192.0.2.1'], ['192.0.2.2']],
  ['an IPv4 address in both its forms', ['192.0.2.1', '::ffff:192.0.2.1'], ['::ffff:192.0.2.2']],
])('%s is counted as one, and anew each minute', (_what, same, others) => {
  let ms = 59_000
  const keeps = toFlood({ ...REQUEST, floodPerMinute: 2 }, () => ms)
  const sent = (source_ip: string | undefined): boolean | undefined =>
    keeps?.(closingOf({ event_type: 'API_REQUEST', status_code: 404, duration_ms: 1, source_ip }))
  const many = Array.from({ length: 100 }, (_, i) => sent(same[i % same.length]))
  expect(many.filter(Boolean)).toHaveLength(3)
  expect(others.map(sent)).toEqual([true])
  ms += 1_000
  expect([same[0], same[0], same[0], same[0]].map(sent)).toEqual([true, true, true, false])
})

test('of more addresses than are counted the rest are counted as one', () => {
  const keeps = toFlood({ ...REQUEST, floodPerMinute: 2 }, () => 0)
  const sent = (n: number): boolean | undefined =>
    keeps?.(closingOf({ event_type: 'API_REQUEST', status_code: 404, duration_ms: 1, source_ip: `address ${n}` }))
  expect(Array.from({ length: 10_000 }, (_, n) => sent(n)).every(Boolean)).toBe(true)
  expect([1, 2, 3, 4].map((n) => sent(10_000 + n))).toEqual([true, true, true, false])
  expect(sent(0)).toBe(true)
})

test('a slow one is kept, and one whose arrival is an event', () => {
  const keeps = toFlood({ ...REQUEST, floodPerMinute: 1 }, () => 0)
  const draft = { event_type: 'API_REQUEST', status_code: 404, duration_ms: 1, source_ip: '192.0.2.1' }
  const sent = (more: object, arrival?: 'logged') => keeps?.(closingOf({ ...draft, ...more }, arrival))
  expect([sent({}), sent({}), sent({})]).toEqual([true, true, false])
  expect([sent({ duration_ms: 2_000 }), sent({}, 'logged'), sent({})]).toEqual([true, true, false])
})
