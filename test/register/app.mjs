/** An app that knows nothing of OpenTelemetry. `own` makes an event log of its own. */

import { trace } from '@opentelemetry/api'
import express from 'express'

const logging = process.argv.includes('own') && (await import('../../src/index.ts')).eventLogging({ service: 'own' })
const app = express()
if (logging) app.use(logging)
app.get('/orders/:id', (req, res) => {
  const attributes = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'clerk' }
  trace.getTracer('x').startActiveSpan('invoke_agent clerk', { attributes }, (span) => span.end())
  res.json({ id: req.params.id })
})
const server = app.listen(0, '127.0.0.1', () =>
  process.stdout.write(`ready http://127.0.0.1:${server.address().port}\n`),
)
process.once('SIGTERM', () => process.exit(0))
