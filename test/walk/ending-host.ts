/** A program that logs, has nothing else to do after a while, and never closes its event log. Prints `over`, and how many are stored. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { eventLogging } from '../../src/index.ts'
import { waitUntil } from '../kit/wait-until.ts'

const logging = eventLogging({ systemEvents: true, durability: 'relaxed' })
const app = express().use(logging)
app.use('/daybook', logging.router())
app.get('/orders/:id', (req, res) => void res.json({ id: req.params.id }))
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
await (await fetch(`${url}/orders/1`)).json()
// By then each of its threads is at work; one that is asked to flush keeps the program until it has.
if (process.argv[2] === 'flushed') await logging.flush(60_000)
else await waitUntil(() => logging.stats().drain.stored || undefined, { what: 'a stored event', timeoutMs: 60_000 })
await (await fetch(`${url}/daybook/healthz`)).text()
await (await fetch(`${url}/daybook/readyz`)).text()
server.close()
server.closeAllConnections()
process.stdout.write(`over, ${logging.stats().drain.stored} stored\n`)
