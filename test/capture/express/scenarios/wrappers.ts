/** Middleware that replaces the response's methods, as others than us do too. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createGzip } from 'node:zlib'
import type { RequestHandler } from 'express'
import { ask, type Scenario } from './scenario.ts'

/** As `compression` does it: everything goes through gzip, and the real end is called later. */
const compress: RequestHandler = (_req, res, next) => {
  const [write, end] = [res.write, res.end]
  const gzip = createGzip()
  const begin = (): void => {
    if (res.headersSent) return
    res.removeHeader('Content-Length')
    res.setHeader('Content-Encoding', 'gzip')
  }
  res.write = ((chunk: Buffer) => {
    begin()
    return gzip.write(chunk)
  }) as typeof res.write
  res.end = ((chunk?: Buffer) => {
    begin()
    gzip.end(chunk)
    return res
  }) as typeof res.end
  gzip.on('data', (chunk: Buffer) => Reflect.apply(write, res, [chunk]))
  gzip.on('end', () => Reflect.apply(end, res, []))
  next()
}

/** As `express-session` does it: the end waits until the session is saved. */
const session: RequestHandler = (_req, res, next) => {
  const end = res.end
  res.end = ((...args: unknown[]) => {
    if (!res.headersSent) res.setHeader('Set-Cookie', 'sid=1; Path=/')
    setTimeout(() => Reflect.apply(end, res, args), 3)
    return true
  }) as unknown as typeof res.end
  next()
}

const around = (name: string, wrapper: RequestHandler, order: 'before' | 'after', proof: string): Scenario => ({
  name: `${name}, mounted ${order} the capture`,
  proof,
  build: (app, capture) => {
    app.use(...(order === 'before' ? [wrapper, capture] : [capture, wrapper]))
    app.get('/', (_req, res) => void res.send('a body '.repeat(300)))
    app.get('/streamed', async (_req, res) => {
      for (let part = 0; part < 3; part++) {
        res.write(`part ${part} `.repeat(50))
        await sleep(1)
      }
      res.end()
    })
  },
  asks: [ask('GET', '/'), ask('HEAD', '/'), ask('GET', '/streamed')],
})

export const WRAPPERS: readonly Scenario[] = [
  around('a wrapper like compression', compress, 'before', 'Content-Encoding: gzip'),
  around('a wrapper like compression', compress, 'after', 'Content-Encoding: gzip'),
  around('a wrapper like express-session', session, 'before', 'sid=1'),
  around('a wrapper like express-session', session, 'after', 'sid=1'),
]
