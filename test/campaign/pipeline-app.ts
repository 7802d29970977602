/** A host's app under load and kills: each request logs one id; every 16th fails, for the error log. */
import express from 'express'
import { eventLogging } from '../../src/index.ts'
import { toContent, toDraft } from './content.ts'
import type { AppAnswer } from './pipeline-fleet.ts'

export interface AppSpec {
  readonly dir: string
  /** The embedded one, when there is none. */
  readonly database?: string
  readonly adminKey?: string
  readonly seed: number
}

export interface ServerAppSpec extends AppSpec {
  readonly database: string
}

const { seed, ...options }: AppSpec = JSON.parse(process.argv[2] ?? '')
const logging = eventLogging({ readsOnRecord: false, rateLimit: 0, ...options })

const toAnswer = (id: number): AppAnswer => {
  const { spool, drain } = logging.stats()
  return { id, shed: spool.shed, state: drain.state, stored: drain.stored, quarantined: drain.quarantined }
}

const app = express()
app.get('/flush', async (_req, res) => void res.json({ done: await logging.flush(5_000), ...toAnswer(0) }))
app.get('/stats', (_req, res) => void res.json(logging.stats()))
app.use('/daybook', logging.router())
app.use(logging)
app.get('/ids/:id', (req, res) => {
  const id = Number(req.params.id)
  logging.logger.log(toDraft(id, toContent(seed, id, 'modest')))
  if (id % 16 === 0) throw new Error(`campaign id ${id}`)
  res.json(toAnswer(id))
})
app.use(logging.errorHandler())
app.use(((_error, req, res, _next) => {
  res.status(500).json(toAnswer(Number(req.path.slice('/ids/'.length))))
}) as express.ErrorRequestHandler)

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.stdout.write(`ready http://127.0.0.1:${address.port}\n`)
})
process.once('SIGTERM', async () => {
  server.close()
  server.closeAllConnections()
  await logging.close()
  process.exit()
})
// Nobody is left to kill it.
const parent = process.ppid
setInterval(() => process.ppid === parent || process.exit(), 500).unref()
