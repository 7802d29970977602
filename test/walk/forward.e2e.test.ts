/** Events that go on to a receiver, at least once, whatever happens to either side. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { type Receiver, startReceiver } from '../forward/receiver.ts'
import { createEmbeddedFolder } from '../kit/database.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { startHost } from './start-host.ts'

const open = async (receiver: Receiver) => {
  const dir = await createEmbeddedFolder()
  const place = { dir, target: { kind: 'embedded' as const, dir } }
  return { dir, start: () => startHost(place, 'host.ts', { DAYBOOK_FORWARD_URL: receiver.url }) }
}

const ordersOf = ({ records }: Receiver): unknown[] => records.map(({ attributes }) => attributes['daybook.entity_id'])

const untilOrders = (receiver: Receiver, orders: readonly string[]) =>
  waitUntil(() => orders.every((order) => ordersOf(receiver).includes(order)) || undefined, {
    what: `records of orders ${orders}`,
    timeoutMs: 60_000,
  })

test('what was logged while the receiver was away arrives when it is back, and after kill -9', async () => {
  const receiver = await startReceiver()
  receiver.answer = () => 503
  const { start } = await open(receiver)
  const host = await start()
  await host.app('/orders/1')
  await host.child.waitForLine(/events are not forwarded: .*503/)
  await host.app('/orders/2')
  await host.child.kill('SIGKILL')

  const again = await start()
  receiver.answer = () => 200
  await again.app('/orders/3')
  await untilOrders(receiver, ['1', '2', '3'])
  const requests = receiver.records.filter(({ eventName }) => eventName === 'daybook.api_request')
  expect(requests[0]).toMatchObject({
    attributes: { 'http.route': '/orders/:id', 'daybook.status_code': '200' },
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  })
})

test('an event that the receiver refuses is left out, told, and holds up no other', async () => {
  const receiver = await startReceiver()
  receiver.answer = (records) => (ordersOf({ records } as Receiver).includes('bad') ? 400 : 200)
  const host = await (await open(receiver)).start()
  for (const order of ['1', 'bad', '2']) await host.app(`/orders/${order}`)
  await untilOrders(receiver, ['1', '2'])
  await host.child.waitForLine(/an event was not forwarded: .*400/)
  expect(ordersOf(receiver)).not.toContain('bad')
  await host.untilTotal(3, '&event_type=data_updated')
})

test('a receiver that does not answer does not keep the app from leaving its folder in order', async () => {
  const receiver = await startReceiver()
  receiver.answer = () => 0
  const { dir, start } = await open(receiver)
  const host = await start()
  await host.app('/orders/1')
  await host.untilTotal(1, '&event_type=data_updated')
  await waitUntil(() => receiver.posts.length > 0 || undefined, { what: 'a post' })
  expect((await host.child.kill('SIGTERM')).code).toBe(0)
  expect(JSON.parse(readFileSync(join(dir, 'drain.lock.1'), 'utf8'))).toMatchObject({ released: true })
})
