/** An app whose log-in fails, and that wants to be told. Prints `ready <url>`. */
import express from 'express'
import { eventLogging } from '../../src/index.ts'

const logging = eventLogging({
  loginRoutes: ['GET /login'],
  alerts: {
    intervalSeconds: 0.2,
    webhook: { url: process.env.HOOK ?? '', secret: 'a secret of both sides', allowPrivate: true },
  },
})
const app = express()
app.use(logging)
app.use('/daybook', logging.router())
app.get('/login', (_req, res) => void res.sendStatus(401))
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.stdout.write(`ready http://127.0.0.1:${address.port}\n`)
})
