/** Hallway: Daybook as a server of its own, alone or around a host's app. */

import type { IncomingMessage, Server } from 'node:http'
import { isIP } from 'node:net'
import express, { type Express } from 'express'
import { type AdminKey, resolveAdminKey } from './admin-key.ts'
import type { Options, ServeOptions } from './config/options.ts'
import { alone, preset, resolveServe } from './config/resolve.ts'
import { Fault, toReason } from './event/fault.ts'
import { createHttpServer } from './http-server.ts'
import { toInternals } from './internals.ts'
import { type EventLogging, eventLogging } from './logging.ts'

// What the command line calls.
export { readCoverage } from './coverage.ts'
export { toChangeTriggers } from './store/change-triggers.ts'

export interface ServiceOptions extends ServeOptions {
  /** The event log to serve; made from `options` and the environment when left out. */
  readonly logging?: EventLogging
  readonly options?: Options
  /** An app whose routes come first; what it does not answer goes to Daybook. */
  readonly app?: Express
}

export interface Service {
  /** Where the page is. */
  readonly url: string
  readonly logging: EventLogging
  /** Answers what is under way, stores what it can, stops. The same promise every time. */
  close(): Promise<void>
}

/**
 * Serves API and page on one port.
 * @throws Fault `port_taken` · `host_needs_keys` · `invalid_options`
 */
export async function serve(options: ServiceOptions = {}): Promise<Service> {
  const { logging: given, options: own = {}, app, ...address } = options
  const { host, port, trustProxy } = resolveServe(address, given ? undefined : own)
  const logging = given ?? eventLogging(preset(app ? own : alone(own), { systemEvents: true }))
  const { config, warmUp, hangUp } = toInternals(logging)
  if (!isLoopback(host) && config.adminKey === undefined && config.authenticate === undefined) {
    await logging.close()
    throw new Fault(
      'host_needs_keys',
      `HOST ${host} can be reached from other machines: set DAYBOOK_ADMIN_KEY to a key of your own, or leave HOST at 127.0.0.1.`,
    )
  }
  const root = express().disable('x-powered-by')
  if (trustProxy !== undefined) root.set('trust proxy', trustProxy)
  if (app) root.use(app)
  root.use(logging.router())
  const server = createHttpServer(root).on('upgrade', toUpgrade(logging))
  const open = async (): Promise<string> => {
    const key = resolveAdminKey(config)
    const url = await listen(server, host, port)
    config.onNotice(toWelcome(url, key))
    return url
  }
  const url = await open().catch(async (error: unknown) => {
    await logging.close()
    throw error
  })
  // An exporter that waits for the first answer gives up after ten seconds.
  void warmUp()

  const close = async (): Promise<void> => {
    await Promise.all([stop(server), hangUp()])
    await logging.close()
  }
  let closing: Promise<void> | undefined
  return { url, logging, close: () => (closing ??= close()) }
}

const toUrl = (host: string, port: number): string => `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}/`

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/** The page takes the key from the fragment, which no browser sends and no server logs. */
function toWelcome(url: string, { text, file, isNew }: AdminKey): string {
  if (isNew)
    return `Daybook is at ${url}#key=${text}\n  The admin key in this link is kept in ${file} and not shown again.`
  return `Daybook is at ${url}\n  The admin key is ${file ? `in ${file}` : 'the one you set'}.`
}

function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(toListenFault(error, host, port)))
    server.listen({ host, port }, () => {
      const address = server.address()
      const actual = typeof address === 'object' && address ? address.port : port
      resolve(toUrl(host, actual))
    })
  })
}

function toListenFault(error: NodeJS.ErrnoException, host: string, port: number): unknown {
  if (error.code === 'EADDRINUSE')
    return new Fault(
      'port_taken',
      `Port ${port} on ${host} is taken by another program. Choose one with PORT=${port + 1}.`,
    )
  return new Fault(
    'invalid_options',
    `Daybook can't listen on ${host}, port ${port}: ${toReason(error)}. Set HOST and PORT.`,
  )
}

/** Where nobody else listens for upgrades, one that is not ours would wait for ever. */
const toUpgrade =
  ({ upgrade }: EventLogging): EventLogging['upgrade'] =>
  (req, socket, head) => {
    if (isStream(req)) return upgrade(req, socket, head)
    // The server has let go of it: a reset would be an error that nobody hears, and who never ends would stay for ever.
    socket.on('error', () => socket.destroy())
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () => socket.destroy())
  }

const isStream = ({ url = '' }: IncomingMessage): boolean => /^[^?]*\/events\/stream(?:\?|$)/.test(url)

const STOP_GRACE_MS = 3_000
const STOP_POLL_MS = 50

/** Lets requests under way end, then cuts what is left, such as open streams. */
function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const grace = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS)
    // A page that asks every second keeps its connection alive; it is closed between two questions.
    const idle = setInterval(() => server.closeIdleConnections(), STOP_POLL_MS)
    server.close(() => {
      clearTimeout(grace)
      clearInterval(idle)
      resolve()
    })
  })
}
