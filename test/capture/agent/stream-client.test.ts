/** One client of a stream, at a real connection. */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import { createStreamClient } from '../../../src/capture/agent/stream-client.ts'
import { onTestEnd } from '../../kit/clean-up.ts'
import { heapBytes } from '../../kit/heap.ts'
import { waitUntil } from '../../kit/wait-until.ts'
import { dial } from '../express/host.ts'

test('what a client missed is let go when it leaves before it has read it', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestEnd(() => void server.close())
  await once(server, 'listening')
  const client = dial((server.address() as AddressInfo).port, 'GET / HTTP/1.1\r\nHost: test\r\n\r\n')
  client.socket.pause()
  const [, res] = (await once(server, 'request')) as [unknown, ServerResponse]
  const missed = catchUp(res)
  await waitUntil(() => res.writableNeedDrain, { what: 'a client that does not read' })
  expect(isKept(missed)).toBe(true)
  client.socket.destroy()
  await once(res, 'close')
  await waitUntil(() => !isKept(missed), { what: 'its texts to be let go', timeoutMs: 5_000 })
})

/** In a function of its own, so that nothing here refers to the texts. */
function catchUp(res: ServerResponse): WeakRef<object> {
  const missed = Array.from({ length: 1_000 }, (_, n) => ({ id: `${n}`, text: `${n}`.padEnd(10_000) }))
  createStreamClient(res, 1_000_000, () => undefined).catchUp(Promise.resolve(missed))
  return new WeakRef(missed)
}

function isKept(ref: WeakRef<object>): boolean {
  heapBytes()
  return ref.deref() !== undefined
}
