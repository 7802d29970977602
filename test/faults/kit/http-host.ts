/** A host with large bodies and answers that never come, with or without Daybook. Prints `ready <url>`. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import express from 'express'
import { eventLogging } from '../../../src/index.ts'
import { toPieces } from './pieces.ts'

const logging = eventLogging()
/** What a leak looks like. */
const hoards = process.env.TEST_HOARDS !== undefined
const hoard: unknown[] = []
let hung = 0

const app = express()
app.get('/memory', (_req, res) => {
  globalThis.gc?.()
  const peak = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
  res.json({ heap: process.memoryUsage().heapUsed, peak: peak * 1_024 })
})
app.get('/seen', (_req, res) => void res.json({ hung, kept: logging.stats().spool.appended }))
if (process.env.WITHOUT_DAYBOOK === undefined) app.use(logging)
app.get('/never', (req, _res) => {
  hung++
  if (hoards) hoard.push(req)
})
app.get('/down/:bytes', async (req, res) => pipeline(Readable.from(toPieces(Number(req.params.bytes))), res))
app.post('/up', async (req, res) => {
  const hash = createHash('sha256')
  for await (const piece of req) {
    hash.update(piece)
    if (hoards) hoard.push(Buffer.from(piece))
  }
  res.json(hash.digest('hex'))
})
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.stdout.write(`ready http://127.0.0.1:${address.port}\n`)
})
// A client that keeps its connection must not find it closed just when it asks.
server.keepAliveTimeout = 300_000
