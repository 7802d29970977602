/** `follow` of the client, over real HTTP. */
import { expect, test } from '@jest/globals'
import { createClient, type Followed, follow } from '../../src/client/client.ts'
import { readSse } from '../../src/client/sse.ts'
import { createHouse } from '../api/ask.ts'
import { listen } from '../api/listen.ts'
import { ADMIN_KEY } from '../api/parts.ts'

const open = async () => {
  const house = createHouse()
  const { url, server } = await listen(house)
  return { house, server, client: createClient({ baseUrl: url, key: ADMIN_KEY }) }
}

test('events come as they are stored, and after the connection broke it goes on by itself', async () => {
  const { house, server, client } = await open()
  const stop = new AbortController()
  const opened = Promise.withResolvers<void>()
  const events = follow(client, { event_type: ['PUSH'] }, { signal: stop.signal, onOpen: opened.resolve })
  const first = events.next()
  await opened.promise
  house.log({ event_type: 'COMMIT' }, { event_type: 'PUSH', user_id: 'a' })
  const { event, id } = (await first).value as Followed
  expect(event).toMatchObject({ event_type: 'PUSH', user_id: 'a' })
  server.closeAllConnections()
  house.log({ event_type: 'PUSH', user_id: 'b' }, { event_type: 'PUSH', user_id: 'c' })
  for (const user_id of ['b', 'c']) expect((await events.next()).value).toMatchObject({ event: { user_id } })

  const later = follow(client, {}, { after: id, signal: stop.signal })
  expect((await later.next()).value).toMatchObject({ event: { user_id: 'b' } })
  stop.abort()
  expect((await events.next()).done).toBe(true)
})

test('what the API refuses for good ends it with its words', async () => {
  const { client } = await open()
  await expect(follow(client, {}, { after: 'nonsense' }).next()).rejects.toMatchObject({ name: 'Refusal', status: 400 })
})

test('what answers and is no stream of events ends it', async () => {
  let asked = 0
  const page = async () => {
    asked++
    return new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })
  }
  const client = createClient({ baseUrl: 'http://127.0.0.1:1', fetch: page })
  const signal = AbortSignal.timeout(60_000)
  await expect(follow(client, {}, { signal }).next()).rejects.toMatchObject({
    name: 'Refusal',
    message: expect.stringMatching(/no Daybook/),
  })
  expect(asked).toBe(1)
})

test('what the caller throws when it is told something reaches the caller', async () => {
  const { client } = await open()
  const bug = new Error('a bug of the caller')
  const throwing = () => {
    throw bug
  }
  const signal = AbortSignal.timeout(60_000)
  await expect(follow(client, {}, { signal, onOpen: throwing }).next()).rejects.toBe(bug)
  const elsewhere = Buffer.from('99999 2026-11-21T10:00:00.000000Z 019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a10')
  const after = elsewhere.toString('base64url')
  await expect(follow(client, {}, { signal, after, onGap: throwing }).next()).rejects.toBe(bug)
})

test('a gap is told', async () => {
  const { house, client } = await open()
  const gap = Promise.withResolvers<{ reason: string }>()
  const after = Buffer.from('99999 2026-11-21T10:00:00.000000Z 019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a10').toString(
    'base64url',
  )
  const stop = new AbortController()
  const next = follow(client, {}, { after, onGap: gap.resolve, signal: stop.signal }).next()
  expect((await gap.promise).reason).toMatch(/another/)
  house.log({ event_type: 'A' })
  expect((await next).value).toMatchObject({ event: { event_type: 'A' } })
  stop.abort()
})

test.each([1, 3, 1_000])('blocks are read whole, however they are cut: %i bytes at a time', async (size) => {
  const text = ': hi\n\nretry: 5\n\nid: 1\ndata: é€😀\ndata: two\n\nevent: gap\r\ndata:{}\r\n\r\nid: 2\n\ndata: cut'
  const bytes = Buffer.from(text)
  const body = new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.subarray(at, at + size))
      controller.close()
    },
  })
  const blocks = []
  for await (const { event, id, data, retry } of readSse(new Response(body))) blocks.push([event, id, data, retry])
  expect(blocks).toEqual([
    ['message', undefined, '', undefined],
    ['message', undefined, '', 5],
    ['message', '1', 'é€😀\ntwo', undefined],
    ['gap', '1', '{}', undefined],
    ['message', '2', '', undefined],
  ])
})
