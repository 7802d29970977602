/** A host with answers of many kinds, and requests to it that a seed makes up. */
import { fileURLToPath } from 'node:url'
import { createGzip } from 'node:zlib'
import express, { type Express, type RequestHandler } from 'express'

const FILE = fileURLToPath(new URL('../../../openapi/openapi.yaml', import.meta.url))

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const stream: RequestHandler = async (req, res) => {
  res.type('text')
  for (let left = Number(req.params.size); left > 0 && !res.destroyed; left -= 10_000) {
    res.write('s'.repeat(Math.min(left, 10_000)))
    await soon()
  }
  res.end()
}

const pack: RequestHandler = (req, res) => {
  const gzip = createGzip()
  gzip.pipe(res.set('Content-Encoding', 'gzip'))
  gzip.end('g'.repeat(Number(req.params.size)))
}

const fail: RequestHandler = async (req, res) => {
  const { how } = req.params
  if (how === 'late') await soon()
  if (how === 'headers') res.write('half')
  if (how === 'nothing') throw undefined
  throw Object.freeze(Object.assign(new Error('broken'), { status: how === 'client' ? 418 : 500 }))
}

/** Answers that depend on the request alone, so that twins give the same. */
export function buildTwin(capture: RequestHandler, onRequest: (id: string) => void): Express {
  const app = express()
  // Its answers to errors hold no stacks there.
  app.set('env', 'production')
  app.use(capture)
  app.use((req, _res, next) => {
    onRequest(String(req.headers['x-request-id']))
    next()
  })
  app.all('/json/:size', (req, res) => void res.json({ method: req.method, text: 'é'.repeat(Number(req.params.size)) }))
  app.all('/echo', express.text({ limit: '1mb' }), (req, res) => void res.send(req.body))
  app.all('/form', express.urlencoded({ extended: true }), express.json(), (req, res) => void res.json(req.body))
  app.all('/raw', (req, res) => void req.pipe(res))
  app.all('/status/:code', (req, res) => void res.status(Number(req.params.code)).end())
  app.all('/stream/:size', stream)
  app.all('/gzip/:size', pack)
  app.all('/file', (_req, res) => res.sendFile(FILE))
  app.all('/fail/:how', fail)
  app.all('/encoded', (_req, res) => void res.end('c3a9', 'hex'))
  app.all('/never', () => undefined)
  const nested = express.Router({ mergeParams: true })
  nested.param('id', (_req, res, next, id) => (id === 'none' ? void res.sendStatus(404) : next()))
  nested.all('/items/:id', (req, res) => void res.json(req.params))
  app.use('/shops/:shop', nested)
  app.use(express().all('/sub', (_req, res) => void res.redirect('/elsewhere')))
  return app
}

export interface Planned {
  readonly id: string
  readonly bytes: string
}

/** What one connection asks: requests after each other without a wait, then it waits for the answers or goes away. */
export interface Conversation {
  readonly requests: readonly Planned[]
  /** Leaves after so many bytes of what it hears. Undefined: stays to the end. */
  readonly leavesAfter: number | undefined
}

const METHODS = ['GET', 'GET', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']
const SIZES = [0, 1, 100, 4_095, 16_384, 100_000]
const CODES = [200, 201, 204, 205, 301, 304, 400, 401, 403, 404, 418, 500, 503]
const HEADERS = [
  'Range: bytes=0-99',
  'Range: bytes=5-1',
  'Range: bytes=-10',
  'If-None-Match: *',
  'Expect: 100-continue',
]
const TYPES = ['text/plain', 'application/json', 'application/x-www-form-urlencoded', 'application/octet-stream']
const BODIES = ['', 'a=1&b=2', '{"a":{"b":[1,2,3]}}', '{"broken":', 'x'.repeat(20_000)]

/** The same for the same numbers: `random(n)` gives one below n. */
export function planConversation(random: (below: number) => number, toId: () => string): Conversation {
  const one = <T>(list: readonly T[]): T => list[random(list.length)] as T
  const toPath = (): string =>
    one([
      () => `/json/${one(SIZES)}`,
      () => `/stream/${one(SIZES)}`,
      () => `/gzip/${one(SIZES)}`,
      () => `/status/${one(CODES)}`,
      () => `/fail/${one(['now', 'late', 'nothing', 'client', 'headers'])}`,
      () =>
        one([
          '/file',
          '/echo',
          '/form',
          '/raw',
          '/encoded',
          '/sub',
          '/nowhere',
          '/%E0%A4%A',
          '/shops/a%20b/items/none',
        ]),
      () => `/shops/${random(9)}/items/${random(9)}?q=${random(99)}`,
    ])()
  const toRequest = (isLast: boolean): Planned => {
    const id = toId()
    const method = one(METHODS)
    const body = method === 'GET' || method === 'HEAD' ? '' : one(BODIES)
    const isChunked = body !== '' && random(3) === 0
    const head = [`${method} ${toPath()} HTTP/1.1`, 'Host: twin', `X-Request-Id: ${id}`, `Content-Type: ${one(TYPES)}`]
    if (random(3) === 0) head.push(one(HEADERS))
    if (isLast) head.push('Connection: close')
    head.push(isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${Buffer.byteLength(body)}`)
    const sent = isChunked ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body
    return { id, bytes: `${head.join('\r\n')}\r\n\r\n${sent}` }
  }
  const count = 1 + random(4)
  const requests = Array.from({ length: count }, (_, i) => toRequest(i === count - 1))
  if (random(5) > 0) return { requests, leavesAfter: undefined }
  const id = toId()
  const never = { id, bytes: `GET /never HTTP/1.1\r\nHost: twin\r\nX-Request-Id: ${id}\r\n\r\n` }
  return { requests: random(2) === 0 ? requests : [never], leavesAfter: random(3_000) }
}
