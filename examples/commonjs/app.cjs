const express = require('express')
const { eventLogging } = require('daybook')

const logging = eventLogging({ loginRoutes: ['POST /login'], exclude: ['/health'] })
const app = express()
app.use(logging)
app.use('/daybook', logging.router())
app.use(express.json())

app.get('/health', (_req, res) => res.send('ok'))
app.post('/login', (req, res) => {
  if (req.body.password !== 'open sesame') return res.status(401).send('no')
  req.user = { id: req.body.user }
  res.send('welcome')
})

app.use(logging.errorHandler())

const port = Number(process.env.PORT ?? 3000)
app.listen(port, () => console.log(`listening on http://localhost:${port}`))
