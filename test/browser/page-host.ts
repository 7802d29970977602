/** An app that serves a page with `daybook/browser` in it, minified. Prints `ready <url>`. */
import express from 'express'
import { eventLogging } from '../../src/index.ts'
import { toMinified } from './minified.ts'

const script = await toMinified()
const logging = eventLogging()
const app = express()
app.use(logging)
app.use('/daybook', logging.router())
app.get('/start-daybook.js', (_req, res) => void res.type('js').send(script))
app.get(['/page', '/other/page'], (_req, res) => void res.type('html').send('<!doctype html><title>A page</title>'))
app.get('/orders/:id', (req, res) => void res.json({ id: req.params.id, asked: req.headers }))
app.post(
  '/orders',
  express.text({ type: () => true }),
  (req, res) => void res.json({ body: req.body, asked: req.headers }),
)
app.get('/elsewhere', (req, res) => void res.set('Access-Control-Allow-Origin', '*').json({ asked: req.headers }))

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.stdout.write(`ready http://127.0.0.1:${address.port}\n`)
})
