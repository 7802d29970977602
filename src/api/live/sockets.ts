/**
 * WebSockets take the way of every request: through role, query and contract to the operation, which then takes the
 * connection over. What is refused is answered as HTTP.
 */
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Request, RequestHandler, Response } from 'express'
import { type WebSocket, WebSocketServer } from 'ws'
import { Fault } from '../../event/fault.ts'

/** For the event `upgrade` of a server. */
export type Upgrade = (req: IncomingMessage, socket: Duplex, head: Buffer) => void

export interface Sockets {
  isUpgrade(req: Request): boolean
  accept(req: Request, res: Response): Promise<WebSocket>
  /** Leads upgrades below the stream's address to the API, and leaves others alone. */
  upgradeTo(api: RequestHandler): Upgrade
}

const STREAM = /^([^?]*)(\/events\/stream(?:\?.*)?)$/
const PROTOCOL = 'daybook'
const KEY_PROTOCOL = /^daybook\.key\.(.+)$/
/** What a client sends means nothing. */
const MAX_PAYLOAD = 1_024

export function createSockets(): Sockets {
  const heads = new WeakMap<IncomingMessage, Buffer>()
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  })
  return {
    isUpgrade: (req) => heads.has(req),
    accept(req, res) {
      const { socket } = req
      res.detachSocket(socket)
      return new Promise((resolve, reject) => {
        // A handshake that is wrong is answered and closed, without a word to us.
        socket.once('close', () => reject(new Fault('invalid_request', 'The handshake of the WebSocket is wrong.')))
        server.handleUpgrade(req, socket, heads.get(req) ?? Buffer.alloc(0), resolve)
      })
    },
    upgradeTo: (api) => (req, socket, head) => {
      const [, mount = '', path = ''] = STREAM.exec(req.url ?? '') ?? []
      if (!path) return
      heads.set(req, head)
      takeKey(req)
      const res = new ServerResponse(req)
      res.shouldKeepAlive = false
      res.assignSocket(req.socket)
      res.once('finish', () => socket.end())
      socket.once('error', () => socket.destroy())
      const request = Object.assign(req, { originalUrl: req.url, baseUrl: mount, url: path })
      const refuse = (): void => void res.writeHead(404).end()
      api(request as unknown as Request, res as Response, refuse)
    },
  }
}

/** A page can set no header of a WebSocket, and a key in the address would be in the logs of all on the way. */
function takeKey({ headers }: IncomingMessage): void {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  const key = offered.map((name) => KEY_PROTOCOL.exec(name)?.[1]).find((found) => found !== undefined)
  if (key === undefined) return
  headers['x-api-key'] ??= key
  headers['sec-websocket-protocol'] = offered.filter((name) => !KEY_PROTOCOL.test(name)).join(', ')
  if (headers['sec-websocket-protocol'] === '') delete headers['sec-websocket-protocol']
}

/** A browser sends cookies to a WebSocket of any page: one of another origin could read as whoever looks at it. */
export function checkOrigin(req: IncomingMessage): void {
  const { origin, host } = req.headers
  if (origin === undefined || URL.parse(origin)?.host === host) return
  throw new Fault('forbidden', 'A page of another origin may not open a WebSocket here.')
}
