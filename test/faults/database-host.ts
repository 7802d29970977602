/** An app that logs what it is asked, and says how its event log is. Prints `ready <url>`. */
import express from 'express'
import { eventLogging } from '../../src/index.ts'

const logging = eventLogging({ readsOnRecord: false })
const app = express()
app.use('/daybook', logging.router())
app.get('/stats', (_req, res) => void res.json({ ...logging.stats(), rss: process.memoryUsage().rss }))
// What is answered 200 is acknowledged.
app.get('/log/:name', logging, (req, res) => {
  const event = logging.logger.log({
    event_type: 'DATA_UPDATED',
    entity_type: 'order',
    entity_id: String(req.params.name),
  })
  res.status(event ? 200 : 500).end()
})
app.get('/burst/:name/:count', (req, res) => {
  const names = Array.from({ length: Number(req.params.count) }, (_, n) => `${req.params.name}-${n}`)
  const kept = names.filter((entity_id) => logging.logger.log({ event_type: 'DATA_UPDATED', entity_id }))
  res.json(kept)
})
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.stdout.write(`ready http://127.0.0.1:${address.port}\n`)
})
// A client that keeps its connection must not find it closed just when it asks.
server.keepAliveTimeout = 300_000
process.once('SIGTERM', async () => {
  server.close()
  server.closeAllConnections()
  await logging.close()
})
