import { SpanStatusCode, trace } from '@opentelemetry/api'
import express from 'express'
import { logging } from './tracing.ts'

const tracer = trace.getTracer('shop')
const app = express()
app.use(logging)
app.use('/daybook', logging.router())

// Spans as libraries for agents make them: the clerk calls a tool, which fails.
app.get('/ask', (_req, res) => {
  const attributes = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'clerk' }
  tracer.startActiveSpan('invoke_agent clerk', { attributes }, (agent) => {
    const tool = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'look_up' }
    tracer.startActiveSpan('execute_tool look_up', { attributes: tool }, (span) => {
      span.recordException(new Error('No such order'))
      span.setStatus({ code: SpanStatusCode.ERROR, message: 'No such order' })
      span.end()
    })
    agent.end()
  })
  res.send('asked')
})

app.use(logging.errorHandler())

const port = Number(process.env.PORT ?? 3000)
app.listen(port, () => console.log(`listening on http://localhost:${port}`))
