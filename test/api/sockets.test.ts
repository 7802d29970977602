/** The stream over WebSockets. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from '@jest/globals'
import { WebSocket } from 'ws'
import { onTestEnd } from '../kit/clean-up.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { createHouse, type House } from './ask.ts'
import { hear, listen } from './listen.ts'
import { ADMIN_KEY } from './parts.ts'

interface Message {
  readonly events?: readonly { event_type: string }[]
  readonly id?: string
}

async function dial(house: House, path: string, protocols: string[] = [], headers: Record<string, string> = {}) {
  const { url } = await listen(house)
  const socket = new WebSocket(url.replace('http', 'ws') + path, protocols, { headers })
  onTestEnd(() => socket.terminate())
  socket.on('error', () => undefined)
  const messages: Message[] = []
  let wake: () => void = () => undefined
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)))
    wake()
  })
  const next = async (): Promise<Message> => {
    while (messages.length === 0) await new Promise<void>((resolve) => (wake = resolve))
    return messages.shift() as Message
  }
  return { socket, next, url }
}

const asAdmin = { 'x-api-key': ADMIN_KEY }

test('a WebSocket gives events and places, and goes on from a place', async () => {
  const house = createHouse()
  const { socket, next } = await dial(house, '/events/stream?event_type=push', [], asAdmin)
  const { id } = await next()
  house.log({ event_type: 'COMMIT' }, { event_type: 'PUSH' })
  const { events } = await next()
  expect(events).toMatchObject([{ event_type: 'PUSH' }])
  socket.close()
  const again = await dial(house, `/events/stream?last_event_id=${id}`, [], asAdmin)
  expect((await again.next()).id).toBe(id)
  expect((await again.next()).events?.map(({ event_type }) => event_type)).toEqual(['COMMIT', 'PUSH'])
})

test('a key may come as a subprotocol, and is not sent back', async () => {
  const house = createHouse({ mount: '/daybook' })
  const { socket, next } = await dial(house, '/daybook/events/stream', ['daybook', `daybook.key.${ADMIN_KEY}`])
  expect(await next()).toMatchObject({ id: expect.any(String) })
  expect(socket.protocol).toBe('daybook')
})

test.each([
  ['no key', 403, '/events/stream', {}],
  ['a wrong key', 401, '/events/stream', { 'x-api-key': 'wrong' }],
  ['a page of another origin', 403, '/events/stream', { ...asAdmin, origin: 'https://evil.example' }],
  ['a wrong filter', 400, '/events/stream?status=no', asAdmin],
])('%s is refused with %i', async (_, status, path, headers) => {
  const { socket } = await dial(createHouse(), path, [], headers as Record<string, string>)
  const [request, response] = await once(socket, 'unexpected-response')
  expect(response.statusCode).toBe(status)
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/)
  request.destroy()
})

test('it is closed when the API hangs up', async () => {
  const house = createHouse()
  const { socket, next } = await dial(house, '/events/stream', [], asAdmin)
  await next()
  house.router.hangUp()
  expect((await once(socket, 'close'))[0]).toBe(1001)
})

test('a handshake that is wrong takes no place', async () => {
  const house = createHouse({ live: { maxPerKey: 1 } })
  const { url } = await listen(house)
  const { hostname, port } = new URL(url)
  const wrong = connect(Number(port), hostname)
  wrong.write(
    `GET /events/stream HTTP/1.1\r\nHost: x\r\nX-API-Key: ${ADMIN_KEY}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  )
  const [answer] = await once(wrong, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1.1 400/)
  wrong.destroy()
  await waitUntil(async () => (await hear(`${url}/events/stream`)).response.status === 200, { what: 'a free place' })
})
