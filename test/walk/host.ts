/** An app of somebody who uses Daybook, as a program to be started and killed. Prints `ready <url>`. */
import express from 'express'
import { eventLogging } from '../../src/index.ts'

const logging = eventLogging()
const app = express()
app.use((req, _res, next) => {
  const user = req.headers['x-user']
  if (user) Object.assign(req, { user: { id: user } })
  next()
})
app.use(logging)
app.use('/daybook', logging.router())
app.get('/orders/:id', (req, res) => {
  logging.logger.log({ event_type: 'DATA_UPDATED', entity_type: 'order', entity_id: req.params.id })
  res.json({ id: req.params.id })
})
app.get('/boom', () => {
  throw new TypeError('boom')
})
app.use(logging.errorHandler())
app.use(((_error, _req, res, _next) => {
  res.status(500).json({ error: 'sorry' })
}) as express.ErrorRequestHandler)

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.stdout.write(`ready http://127.0.0.1:${address.port}\n`)
})
server.on('upgrade', logging.upgrade)
process.once('SIGTERM', async () => {
  server.close()
  server.closeAllConnections()
  await logging.close()
  process.stdout.write('closed\n')
})
