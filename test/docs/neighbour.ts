/** The Daybook that pages speak of, at its own address and in an app at `/daybook`, in which something happens all the time. */
import express from 'express'
import { eventLogging } from '../../src/index.ts'
import { serve } from '../../src/service.ts'

const logging = eventLogging()
const app = express().use(logging).use('/daybook', logging.router())
app.get(['/hello', '/demo/hello'], (_req, res) => void res.send('hi'))
setInterval(() => logging.logger.commit({ user_id: 'ada', session_id: 's-1', project_id: 'shop' }), 200)
const { url } = await serve({ logging, app })
await logging.flush(60_000)
process.stdout.write(`ready ${url}\n`)
