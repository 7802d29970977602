/**
 * An app that knows nothing of OpenTelemetry. `own` makes an event log of its own, and `own closed <dir>` closes it before
 * the first request.
 */

import { trace } from '@opentelemetry/api'
import express from 'express'

const [, , isOwn, isClosed, dir] = process.argv
const logging = isOwn && (await import('../../src/index.ts')).eventLogging({ service: 'own', dir })
const work = (name) => {
  const attributes = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': name }
  trace.getTracer('x').startActiveSpan(`invoke_agent ${name}`, { attributes }, (span) => span.end())
}
if (isClosed) {
  const closing = logging.close()
  work('late')
  await closing
}
const app = express()
if (logging) app.use(logging)
app.get('/orders/:id', (req, res) => {
  work('clerk')
  res.json({ id: req.params.id })
})
const server = app.listen(0, '127.0.0.1', () =>
  process.stdout.write(`ready http://127.0.0.1:${server.address().port}\n`),
)
process.once('SIGTERM', () => process.exit(0))
