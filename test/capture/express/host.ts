/** A host app with the capture in it, on a real server, and who talks to it. */
import { type RequestOptions as Asked, type IncomingHttpHeaders, request, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import express, { type Express } from 'express'
import { createErrorHandler } from '../../../src/capture/express/errors.ts'
import {
  type CaptureOptions,
  createExpressCapture,
  type ExpressCapture,
} from '../../../src/capture/express/middleware.ts'
import { createEventLogger, type EventLogger } from '../../../src/capture/logger.ts'
import { remembersErrors } from '../../../src/capture/told.ts'
import type { RequestOptions } from '../../../src/config/request-options.ts'
import type { ErrorEvent, Event } from '../../../src/event/event.ts'
import { onTestEnd } from '../../kit/clean-up.ts'
import { waitUntil } from '../../kit/wait-until.ts'
import { createRecorder, type Recorder } from '../recorder.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
  readonly rawTrailers: readonly string[]
  readonly body: string
}

export interface Host {
  readonly app: Express
  readonly recorder: Recorder
  readonly logger: EventLogger
  readonly capture: ExpressCapture
  readonly server: Server
  readonly port: number
  ask(path: string, options?: Asked & { body?: string }): Promise<Answer>
  /** The one event there is, once all that may follow had time to. */
  onlyEvent(): Promise<Event>
  onlyError(): Promise<ErrorEvent>
}

export interface HostOptions extends Partial<Omit<CaptureOptions, 'requests'>> {
  readonly requests?: RequestOptions
  /** Mounts the error handler after the routes. Default true. */
  readonly errorHandler?: boolean
  /** What the host's own handler does with errors. Default: Express's. */
  readonly onError?: express.ErrorRequestHandler
  readonly recorder?: Recorder
}

/** The capture first, then `routes`, then the error handlers. */
export async function createHost(
  routes: (app: Express, host: Pick<Host, 'logger'>) => void,
  options: HostOptions = {},
) {
  const recorder = options.recorder ?? createRecorder()
  const told = remembersErrors(recorder)
  const { sink } = told
  const capture = createExpressCapture(sink, {
    actor: options.actor,
    findThreats: options.findThreats,
    together: options.together,
    requests: { slowMs: Number.POSITIVE_INFINITY, floodPerMinute: 0, bodyMaxBytes: 1_000, ...options.requests },
  })
  const logger = createEventLogger(sink)
  const app = express()
  app.use(capture.middleware)
  routes(app, { logger })
  if (options.errorHandler !== false) app.use(createErrorHandler(sink, capture, told))
  if (options.onError) app.use(options.onError)
  const { server, port } = await listen(app)
  const host: Host = {
    app,
    recorder,
    logger,
    capture,
    server,
    port,
    ask: (path, asked) => ask(port, path, asked),
    onlyEvent: () => only(recorder.events, 'the event'),
    onlyError: () => only(recorder.errors, 'the error'),
  }
  return host
}

export async function listen(app: Express): Promise<{ server: Server; port: number }> {
  const server = app.listen(0, '127.0.0.1')
  // A client that keeps its connection must not find it closed just when it asks.
  server.keepAliveTimeout = 300_000
  await new Promise((resolve) => server.once('listening', resolve))
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  onTestEnd(async () => {
    // Upgraded ones too, which the server no longer counts as its own.
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return { server, port: (server.address() as AddressInfo).port }
}

async function only<T>(list: readonly T[], what: string): Promise<T> {
  await waitUntil(() => list.length > 0, { what, intervalMs: 2 })
  await sleep(25)
  const [first] = list
  if (!first || list.length !== 1) throw new Error(`Expected one, got ${list.length}: ${JSON.stringify(list)}`)
  return first
}

export function ask(port: number, path: string, { body, ...options }: Asked & { body?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, path, host: '127.0.0.1', agent: false, ...options }, (res) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk: Buffer) => chunks.push(chunk))
      res.on('error', reject)
      res.on('end', () =>
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          rawHeaders: res.rawHeaders,
          rawTrailers: res.rawTrailers,
          body: Buffer.concat(chunks).toString('latin1'),
        }),
      )
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

export interface Line {
  readonly socket: Socket
  readonly heard: () => string
  /** The text is on its way: it arrives even if the socket is destroyed. */
  readonly sent: Promise<void>
  /** Waits until the other side has said `text`, so many times. */
  hear(text: string, times?: number): Promise<void>
  readonly closed: Promise<unknown>
}

/** A raw socket that says `text` at once. */
export function dial(port: number, text: string): Line {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1')
  })
  socket.on('error', () => undefined)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  onTestEnd(() => void socket.destroy())
  const sent = new Promise<void>((resolve) => socket.write(text, () => resolve()))
  return {
    socket,
    sent,
    heard: () => heard,
    closed,
    hear: async (wanted, times = 1) => {
      await waitUntil(() => heard.split(wanted).length > times, { what: `"${wanted}" ${times} times`, intervalMs: 2 })
    },
  }
}

export const get = (path: string, ...headers: string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: test', ...headers, '', ''].join('\r\n')
