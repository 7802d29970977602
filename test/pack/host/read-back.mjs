/** One request to a host's app, read back through the router; prints the event as JSON. */
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

const adminKey = 'a-key-of-the-pack-test'

export async function readBack(express, eventLogging, options) {
  const app = express()
  const logging = eventLogging({ adminKey, onNotice: () => undefined, ...options })
  app.use(logging)
  app.get('/orders/:id', (req, res) => res.json({ id: req.params.id }))
  app.use('/daybook', logging.router())
  app.use(logging.errorHandler())
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${server.address().port}`
  await fetch(`${url}/orders/7`)
  await logging.flush(30_000)
  const event = await findEvent(`${url}/daybook/events?route=/orders/:id`)
  const page = await fetch(`${url}/daybook/`)
  server.closeAllConnections()
  server.close()
  await logging.close()
  return { event, page: { status: page.status, type: page.headers.get('content-type') } }
}

async function findEvent(url) {
  const end = Date.now() + 60_000
  for (;;) {
    const answer = await fetch(url, { headers: { 'X-API-Key': adminKey } })
    const body = await answer.json()
    if (answer.ok && body.events.length > 0) return body.events[0]
    if (Date.now() > end) throw new Error(`No event to read back: ${answer.status} ${JSON.stringify(body)}`)
    await sleep(50)
  }
}
