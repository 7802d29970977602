/** An app that sends the spans of its own requests to itself. Prints `ready <url>`, and `exported` for each export. */
import express from 'express'
import { eventLogging } from '../../src/index.ts'

const logging = eventLogging()
const app = express()
app.use(logging)
app.use((req, res, next) => {
  if (req.path.startsWith('/daybook/v1/'))
    res.once('finish', () => process.stdout.write(`exported ${res.statusCode}\n`))
  next()
})
app.use('/daybook', logging.router())
app.get('/hello', (_req, res) => void res.send('hi'))
const { PORT } = process.env
app.listen(Number(PORT), '127.0.0.1', () => process.stdout.write(`ready http://127.0.0.1:${PORT}\n`))
