/** Streams of a session's events to real clients, beside the log. */
import { get, type IncomingMessage } from 'node:http'
import { describe, expect, test } from '@jest/globals'
import { createStreamManager, type StreamManagerOptions } from '../../../src/capture/agent/stream-manager.ts'
import type { EventsWanted, GetEvents } from '../../../src/capture/get-events.ts'
import type { Event } from '../../../src/event/event.ts'
import type { EventRow } from '../../../src/event/query.ts'
import { onTestEnd } from '../../kit/clean-up.ts'
import { waitUntil } from '../../kit/wait-until.ts'
import { createHost, dial } from '../express/host.ts'

const unreachable: GetEvents = () => Promise.reject(new Error('the database is away'))

async function start(options: StreamManagerOptions = {}, getEvents: GetEvents = unreachable) {
  const streams: ReturnType<typeof createStreamManager>[] = []
  const [asked, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const host = await createHost((app, { logger }) => {
    const manager = createStreamManager({ log: logger.log, getEvents }, options)
    streams.push(manager)
    app.get('/chat/:session', (req, res) => {
      const tenant_id = req.query.tenant as string | undefined
      logger.withContext({ tenant_id }, () => manager.open(req.params.session, req, res))
    })
    app.get('/late/:session', (req, res) => {
      asked.resolve()
      res.once('close', () => {
        manager.open(req.params.session, req, res)
        opened.resolve()
      })
    })
  })
  const [manager] = streams
  if (!manager) throw new Error('No manager was made.')
  onTestEnd(() => manager.close())
  const say = (session: string, text: string): Event | undefined =>
    manager.publish(session, { event_type: 'MESSAGE_CREATED', payload: { text } })
  /** A client that leaves before its stream is opened. */
  const leaveEarly = async (session: string): Promise<void> => {
    const client = dial(host.port, `GET /late/${session} HTTP/1.1\r\nHost: test\r\n\r\n`)
    await asked.promise
    client.socket.destroy()
    await opened.promise
  }
  const listenTo = (session: string, lastId?: string) => listen(host.port, session, lastId)
  return { host, manager, say, listen: listenTo, leaveEarly }
}

interface Message {
  readonly id: string | undefined
  readonly event: string | undefined
  readonly text: unknown
}

async function listen(port: number, session: string, lastId?: string) {
  const headers = lastId === undefined ? {} : { 'Last-Event-ID': lastId }
  const res = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = get({ port, path: `/chat/${session}`, headers, agent: false }, resolve).on('error', reject)
    onTestEnd(() => void asked.destroy())
  })
  let heard = ''
  let isOver = false
  res.setEncoding('utf8')
  res.on('data', (text: string) => {
    heard += text
  })
  res.on('error', () => undefined)
  res.on('close', () => {
    isOver = true
  })
  const messages = (): Message[] =>
    heard
      .split('\n\n')
      .slice(0, -1)
      .filter((text) => text !== ':')
      .map(toMessage)
  return {
    res,
    messages,
    texts: () => messages().map(({ text }) => text),
    heard: () => heard,
    isOver: () => isOver,
    count: (count: number) => waitUntil(() => messages().length >= count, { what: `${count} messages`, intervalMs: 2 }),
  }
}

function toMessage(text: string): Message {
  const fields = new Map(text.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]))
  const data = JSON.parse(fields.get('data') ?? '{}')
  return { id: fields.get('id'), event: fields.get('event'), text: data.payload?.text }
}

test('an event goes to the clients of its session, and into the log with its secrets removed', async () => {
  const { host, manager, say, listen } = await start()
  const [a, b, other] = [await listen('s1'), await listen('s1'), await listen('s2')]
  expect(a.res.headers['content-type']).toBe('text/event-stream; charset=utf-8')
  expect(manager.stats()).toEqual({ clients: 3, dropped: 0 })
  const event = say('s1', 'hello')
  say('s1', 'my password=hunter2')
  say('s3', 'nobody listens')
  await Promise.all([a.count(2), b.count(2)])
  expect(a.messages()).toEqual([
    { id: event?.id, event: 'MESSAGE_CREATED', text: 'hello' },
    { id: expect.any(String), event: 'MESSAGE_CREATED', text: 'my password=[REDACTED]' },
  ])
  expect(b.messages()).toEqual(a.messages())
  expect(other.messages()).toEqual([])
  expect(host.recorder.events.map(({ session_id }) => session_id)).toEqual(['s1', 's1', 's3'])
})

test('sessions of one name in two tenants are two, also to a client that comes back', async () => {
  const { manager, host, say, listen } = await start()
  const [acme, other, any] = [await listen('s1?tenant=acme'), await listen('s1?tenant=other'), await listen('s1')]
  const publish = (tenant_id: string, text: string) =>
    manager.publish('s1', { event_type: 'MESSAGE_CREATED', tenant_id, payload: { text } })
  const first = publish('acme', 'a')
  host.logger.withContext({ tenant_id: 'other' }, () => say('s1', 'b'))
  publish('acme', 'c')
  // It was not said whose.
  say('s1', 'd')
  await Promise.all([acme.count(3), other.count(2), any.count(4)])
  const back = await listen('s1?tenant=acme', first?.id)
  await back.count(2)
  expect([acme, other, any, back].map((client) => client.texts())).toEqual([
    ['a', 'c', 'd'],
    ['b', 'd'],
    ['a', 'b', 'c', 'd'],
    ['c', 'd'],
  ])
})

test('a client that leaves is forgotten, and its session with it', async () => {
  const { manager, say, listen } = await start()
  const [stays, leaves] = [await listen('s1'), await listen('s1')]
  leaves.res.destroy()
  await waitUntil(() => manager.stats().clients === 1, { what: 'one client less' })
  say('s1', 'on')
  await stays.count(1)
  expect(manager.stats()).toEqual({ clients: 1, dropped: 0 })
})

test('a client that left before its stream was opened is not counted as one that listens', async () => {
  const { manager, say, leaveEarly } = await start()
  await leaveEarly('s1')
  expect(manager.stats()).toEqual({ clients: 0, dropped: 0 })
  say('s1', 'to nobody')
  expect(manager.stats()).toEqual({ clients: 0, dropped: 0 })
})

describe('a client that comes back', () => {
  test('gets what it missed, in order, before what is new, and nothing twice', async () => {
    const { say, listen } = await start()
    const ids = Array.from({ length: 50 }, (_, n) => say('s1', `n${n}`)?.id)
    say('s2', 'of another')
    const client = await listen('s1', ids[19])
    say('s1', 'new')
    await client.count(31)
    expect(client.texts()).toEqual([...Array.from({ length: 30 }, (_, n) => `n${n + 20}`), 'new'])
  })

  test('gets from the log what is no longer at hand, then what the log does not have yet', async () => {
    const stored: EventRow[] = []
    const asked: EventsWanted[] = []
    const gate = Promise.withResolvers<void>()
    const { say, listen } = await start({ recentBytes: 1_500 }, async (wanted = {}) => {
      asked.push(wanted)
      await gate.promise
      return [...stored].reverse()
    })
    const events = Array.from({ length: 20 }, (_, n) => say('s1', `n${n}`))
    for (const event of events.slice(0, -1)) if (event) stored.push({ ...event, timestamp: '', system_event: true })
    const client = await listen('s1', events[3]?.id)
    const late = say('s1', 'while it was asked')
    if (late) stored.push({ ...late, timestamp: '', system_event: true })
    gate.resolve()
    await client.count(17)
    expect(client.texts()).toEqual([...Array.from({ length: 16 }, (_, n) => `n${n + 4}`), 'while it was asked'])
    expect(asked).toMatchObject([{ session_id: 's1' }])
  })

  test('is asked for in the tenant of the work around', async () => {
    const seen: unknown[] = []
    const { listen } = await start({}, async (_wanted, as) => {
      seen.push(as)
      return []
    })
    for (const session of ['s1?tenant=acme', 's1']) {
      const client = await listen(session, '01a1fe05-f0c2-7c73-b3d3-6142c6e5057f')
      await client.count(1)
    }
    expect(seen).toEqual([{ role: 'admin', tenant_id: 'acme' }, { role: 'admin' }])
  })

  test('gets all of it, though it is more than may wait for a client', async () => {
    const { manager, say, listen } = await start({ maxClientBytes: 100_000 })
    const text = 'x'.repeat(10_000)
    const first = say('s1', text)
    for (let n = 0; n < 100; n++) say('s1', text)
    const client = await listen('s1', first?.id)
    say('s1', 'new')
    await client.count(101)
    expect(client.texts().at(-1)).toBe('new')
    expect(manager.stats()).toEqual({ clients: 1, dropped: 0 })
  })

  test.each([
    ['when the log can not be read', '01a1fe05-f0c2-7c73-b3d3-6142c6e5057f', unreachable],
    ['when the log does not know its place', '01a1fe05-f0c2-7c73-b3d3-6142c6e5057f', async () => []],
    ['when its place is no id', 'garbage', async () => []],
  ])('is told of a gap %s', async (_when, lastId, getEvents) => {
    const { say, listen } = await start({}, getEvents)
    say('s1', 'at hand')
    const client = await listen('s1', lastId)
    await client.count(2)
    expect(client.messages().map(({ event, text }) => [event, text])).toEqual([
      ['gap', undefined],
      ['MESSAGE_CREATED', 'at hand'],
    ])
  })
})

test('a client that never reads is dropped, and delays no other and no publishing', async () => {
  const { host, manager, say, listen } = await start({ maxClientBytes: 500_000 })
  const reader = await listen('s1')
  const stuck = dial(host.port, 'GET /chat/s1 HTTP/1.1\r\nHost: test\r\n\r\n')
  await stuck.hear('event-stream')
  stuck.socket.pause()
  const text = 'x'.repeat(10_000)
  let said = 0
  while (manager.stats().dropped === 0 && said < 5_000) {
    for (let i = 0; i < 25; i++, said++) say('s1', text)
    await reader.count(said)
  }
  expect(manager.stats()).toEqual({ clients: 1, dropped: 1 })
  expect(host.recorder.events.filter(({ event_type }) => event_type === 'MESSAGE_CREATED')).toHaveLength(said)
  // What waited for it is let go of with its connection.
  const { promise: closed, resolve } = Promise.withResolvers<unknown>()
  stuck.socket.once('close', resolve).resume()
  await closed
})

test('an idle stream is kept open by comments, and ends when the manager is closed', async () => {
  const { manager, listen } = await start({ heartbeatMs: 5 })
  const client = await listen('s1')
  await waitUntil(() => client.heard().startsWith(':\n\n:\n\n'), { what: 'two comments' })
  manager.close()
  await waitUntil(client.isOver, { what: 'the end' })
  expect(manager.stats().clients).toBe(0)
})

test('a stream that is opened after the manager was closed ends at once', async () => {
  const { manager, listen } = await start()
  manager.close()
  const client = await listen('s1')
  await waitUntil(client.isOver, { what: 'the end' })
  expect(manager.stats().clients).toBe(0)
})

test('hostile drafts break no message and no stream', async () => {
  const { manager, say, listen } = await start()
  const client = await listen('s1')
  const odd = {
    event_type: 'X\ndata: {"injected":true}\n\n',
    id: 'x\nevent: injected',
    payload: { text: 'a\n\ndata: b', cycle: {}, big: 1n },
  }
  odd.payload.cycle = odd
  manager.publish('s1', odd)
  for (const draft of [undefined, null, 7, new Proxy({}, { ownKeys: () => JSON.parse('{') })])
    expect(() => manager.publish('s1', draft as never)).not.toThrow()
  say('s1', 'last')
  await waitUntil(() => client.texts().includes('last'), { what: 'the last message' })
  expect(client.texts()).toContain('a\n\ndata: b')
  expect(client.messages().some(({ event }) => event === 'injected')).toBe(false)
})
