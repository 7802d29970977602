/** One closing event for each request that is closed without an end, and for each of many on one socket. */
import { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import type { Express } from 'express'
import { waitUntil } from '../../kit/wait-until.ts'
import { createHost, dial, get } from './host.ts'

describe('a request that never ends is closed by', () => {
  test('a client that leaves before the answer', async () => {
    const asked = Promise.withResolvers<void>()
    const host = await createHost((app) => app.get('/', () => asked.resolve()))
    const line = dial(host.port, get('/'))
    await asked.promise
    line.socket.destroy()
    const event = await host.onlyEvent()
    expect(event).toMatchObject({ event_type: 'API_REQUEST', status: 'failure', outcome: 'failed' })
    expect(event).toMatchObject({ error_code: 'CLIENT_ABORTED', source_ip: '127.0.0.0' })
    expect(event.status_code).toBeUndefined()
  })

  test('a client that leaves in the middle of a stream', async () => {
    const host = await createHost((app) => app.get('/', (_req, res) => void res.write('half')))
    const line = dial(host.port, get('/'))
    await line.hear('half')
    line.socket.destroy()
    expect(await host.onlyEvent()).toMatchObject({ status: 'failure', error_code: 'CLIENT_ABORTED', status_code: 200 })
  })

  test('a client that leaves before its body is whole', async () => {
    const asked = Promise.withResolvers<void>()
    const host = await createHost((app) =>
      app.post('/', (req) => void req.resume().once('data', () => asked.resolve())),
    )
    const line = dial(host.port, 'POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\nhalf')
    await asked.promise
    line.socket.destroy()
    expect(await host.onlyEvent()).toMatchObject({ method: 'POST', error_code: 'CLIENT_ABORTED' })
  })

  test('a client that has heard enough of server-sent events, which is no failure', async () => {
    const host = await createHost((app) => {
      app.get('/', (_req, res) => void res.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: 1\n\n'))
    })
    const line = dial(host.port, get('/'))
    await line.hear('data: 1')
    line.socket.destroy()
    const event = await host.onlyEvent()
    expect(event).toMatchObject({ event_type: 'API_REQUEST', status: 'success', status_code: 200 })
    expect(event.error_code).toBeUndefined()
  })

  test('a host that destroys the response', async () => {
    const host = await createHost((app) => app.get('/', (_req, res) => void res.destroy()))
    await expect(host.ask('/')).rejects.toThrow()
    expect(await host.onlyEvent()).toMatchObject({ status: 'failure' })
  })

  test('a host that destroys the socket', async () => {
    const host = await createHost((app) => app.get('/', (req) => void req.socket.destroy()))
    await expect(host.ask('/')).rejects.toThrow()
    expect(await host.onlyEvent()).toMatchObject({ status: 'failure' })
  })

  test('the end of a socket that was upgraded, as WebSocket libraries hand it to the app', async () => {
    const host = await createHost((app) => app.get('/live', () => undefined))
    host.server.on('upgrade', (req, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
      socket.on('end', () => socket.end()).resume()
      const app: unknown = host.app
      ;(app as (...args: unknown[]) => void)(req, new ServerResponse(req))
    })
    const line = dial(host.port, get('/live', 'Connection: Upgrade', 'Upgrade: websocket'))
    await line.hear('101 Switching')
    await sleep(20)
    expect(host.recorder.events).toHaveLength(0)
    line.socket.destroy()
    expect(await host.onlyEvent()).toMatchObject({ route: '/live', status: 'success' })
  })
})

describe('many requests on one socket have one event each', () => {
  const PATHS = Array.from({ length: 100 }, (_, at) => `/n/${at}`)
  const count = (app: Express): void => void app.get('/n/:id', (req, res) => void res.send(`<${req.params.id}>`))

  test('one after the other', async () => {
    const sockets = new Set<Socket>()
    const host = await createHost((app) => {
      app.use((req, _res, next) => {
        sockets.add(req.socket)
        next()
      })
      count(app)
    })
    const line = dial(host.port, '')
    for (const path of PATHS) {
      line.socket.write(get(path))
      await line.hear(`<${path.slice(3)}>`)
    }
    expect(sockets.size).toBe(1)
    expect(host.recorder.events.map(({ path }) => path)).toEqual(PATHS)
    expect(new Set(host.recorder.events.map(({ request_id }) => request_id)).size).toBe(100)
    expect([...sockets][0]?.listenerCount('close')).toBeLessThan(8)
  })

  test('pipelined', async () => {
    const warnings: string[] = []
    const onWarning = ({ name }: Error): void => void warnings.push(name)
    process.on('warning', onWarning)
    const host = await createHost(count)
    const line = dial(host.port, PATHS.map((path) => get(path)).join(''))
    await line.hear('<99>')
    expect(host.recorder.events.map(({ path }) => path)).toEqual(PATHS)
    line.socket.destroy()
    await sleep(25)
    process.off('warning', onWarning)
    expect(host.recorder.events).toHaveLength(100)
    expect(warnings).toEqual([])
  })

  test('pipelined behind one that never ends, when the client leaves', async () => {
    let arrived = 0
    const host = await createHost((app) => app.get('/n/:id', () => void arrived++))
    const line = dial(
      host.port,
      PATHS.slice(0, 10)
        .map((path) => get(path))
        .join(''),
    )
    await waitUntil(() => arrived === 10, { what: 'all requests' })
    line.socket.destroy()
    await waitUntil(() => host.recorder.events.length >= 10, { what: 'ten events' })
    await sleep(25)
    expect(new Set(host.recorder.events.map(({ path }) => path)).size).toBe(10)
    expect(host.recorder.events).toHaveLength(10)
  })

  test('torn off at random', async () => {
    const host = await createHost((app) => {
      app.get('/n/:id', async (_req, res) => {
        await sleep(Math.random() * 10)
        res.write('a')
        await sleep(Math.random() * 10)
        res.end('b')
      })
    })
    let arrived = 0
    host.server.on('request', () => void arrived++)
    await Promise.all(
      Array.from({ length: 200 }, async () => {
        const line = dial(host.port, get('/n/1'))
        await line.sent
        await sleep(Math.random() * 30)
        line.socket.destroy()
        await line.closed
      }),
    )
    await waitUntil(() => arrived === 200 && host.recorder.events.length >= 200, { what: 'an event for each' })
    await sleep(50)
    expect(host.recorder.events).toHaveLength(200)
    const codes = new Set(host.recorder.events.map(({ error_code }) => error_code))
    expect(codes).toContain('CLIENT_ABORTED')
  })
})
