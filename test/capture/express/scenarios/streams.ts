/** Answers in parts, and HTTP's finer points. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import express, { type RequestHandler } from 'express'
import { ask, at, type Scenario, scenario } from './scenario.ts'

const trailers: RequestHandler = (_req, res) => {
  res.writeHead(200, { Trailer: 'X-Sum' })
  res.write('body')
  res.addTrailers({ 'X-Sum': '42' })
  res.end()
}

const big: RequestHandler = async (_req, res) => {
  const chunk = Buffer.alloc(64 * 1024, 'x')
  await pipeline(Readable.from(Array.from({ length: 80 }, () => chunk)), res)
}

const order: string[] = []
const watched: RequestHandler = (_req, res) => {
  order.length = 0
  for (const name of ['prefinish', 'finish', 'close']) res.on(name, () => order.push(name))
  const same = res.end('watched', 'utf8', () => order.push('callback')) === res
  order.push(`returned ${same}`)
}

export const STREAMS: readonly Scenario[] = [
  scenario(
    'chunked stream',
    'two',
    at(async (_req, res) => {
      res.write('one')
      await sleep(2)
      res.write(Buffer.from('two'))
      await sleep(2)
      res.end('three')
    }),
  ),
  scenario(
    'flushed headers first',
    'X-First: 1',
    at(async (_req, res) => {
      res.set('X-First', '1').flushHeaders()
      await sleep(2)
      res.end('later')
    }),
  ),
  scenario(
    'encodings of end',
    'ff',
    at((_req, res) => void res.end('6666', 'hex')),
  ),
  scenario(
    'five megabytes through a pipe',
    createHash('sha256')
      .update(Buffer.alloc(80 * 64 * 1024, 'x'))
      .digest('hex'),
    at(big),
  ),
  scenario('trailers', 'X-Sum: 42', at(trailers)),
  scenario(
    'writeHead with an object',
    'X-A: 1',
    at((_req, res) => void res.writeHead(202, 'Fine', { 'X-A': '1', 'x-b': ['2', '3'] }).end('b')),
  ),
  scenario(
    'writeHead with an array',
    'X-A: 1',
    at((_req, res) => void res.writeHead(200, ['X-A', '1', 'x-b', '2', 'X-A', '3']).end('b')),
  ),
  scenario(
    'headers set and removed',
    'X-Kept',
    at((_req, res) => {
      res.setHeader('X-Gone', '1')
      res.setHeader('X-Kept', '1')
      res.removeHeader('X-Gone')
      res.removeHeader('X-Powered-By')
      res.end()
    }),
  ),
  scenario(
    'a request id of the host',
    'X-Request-Id: own',
    at((_req, res) => void res.set('X-Request-Id', 'own').send('b')),
  ),
  scenario(
    'early hints',
    ' 103 ',
    at((_req, res) => {
      res.writeEarlyHints({ link: '</a.css>; rel=preload' })
      res.writeProcessing()
      res.send('after')
    }),
  ),
  scenario(
    '100-continue',
    ' 100 Continue',
    (app) => void app.use(express.json()).post('/', (req, res) => void res.json(req.body)),
    `${ask('POST', '/', 'Expect: 100-continue', 'Content-Type: application/json', 'Content-Length: 7')}{"a":1}`,
    `${ask('POST', '/', 'Expect: something', 'Content-Type: application/json', 'Content-Length: 7')}{"a":1}`,
  ),
  scenario(
    'bodies, good and bad',
    'Bad Request',
    (app) => void app.use(express.json(), express.urlencoded()).post('/', (req, res) => void res.json(req.body)),
    `${ask('POST', '/', 'Content-Type: application/json', 'Content-Length: 7')}{"a":1}`,
    `${ask('POST', '/', 'Content-Type: application/json', 'Content-Length: 5')}{"a":`,
    `${ask('POST', '/', 'Content-Type: application/x-www-form-urlencoded', 'Content-Length: 3')}a=1`,
  ),
  scenario(
    'an upload that is streamed back',
    'five',
    (app) => void app.post('/', (req, res) => void req.pipe(res)),
    `${ask('POST', '/', 'Transfer-Encoding: chunked')}4\r\nfour\r\n4\r\nfive\r\n0\r\n\r\n`,
  ),
  scenario(
    'what listeners of the response see, in their order',
    'prefinish',
    (app) => {
      app.get('/', watched)
      app.get('/order', (_req, res) => void res.json(order))
    },
    ask('GET', '/'),
    ask('GET', '/order'),
  ),
  scenario(
    'an HTTP/1.0 client',
    'old',
    at((_req, res) => {
      res.write('old')
      res.end()
    }),
    'GET / HTTP/1.0\r\n\r\n',
  ),
  scenario(
    'a timer for the response',
    ' 503 ',
    at((_req, res) => {
      res.setTimeout(15, () => void res.status(503).end())
    }),
  ),
]
