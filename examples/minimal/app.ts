import { eventLogging } from 'daybook'
import express from 'express'

const logging = eventLogging()
const app = express()
app.use(logging)
app.use('/daybook', logging.router())

app.get('/hello', (_req, res) => {
  logging.logger.log({ event_type: 'GREETED', action_description: 'Said hello' })
  res.send('hi')
})
app.get('/broken', () => {
  throw new Error('This one is broken')
})

app.use(logging.errorHandler())

const port = Number(process.env.PORT ?? 3000)
app.listen(port, () => console.log(`listening on http://localhost:${port}, the page is at /daybook/`))
