/** An app with an OpenTelemetry SDK of its own, whose spans and log records go to Daybook. Prints `ready <url>`. */
import { createRequire } from 'node:module'
import { logs, SpanStatusCode, trace } from '@opentelemetry/api'
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace'
import { recordAll } from '../../../src/capture/otel/sampler.ts'
import { eventLogging } from '../../../src/index.ts'

const require = createRequire(import.meta.url)
const { NodeSDK } = require('@opentelemetry/sdk-node')
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')
const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express')

const logging = eventLogging({ database: 'postgres://nobody@127.0.0.1:1/none', onNotice: () => undefined })
new NodeSDK({
  serviceName: 'shop',
  autoDetectResources: false,
  sampler: recordAll(new AlwaysOffSampler()),
  spanProcessors: [logging.spanProcessor()],
  logRecordProcessors: [logging.logRecordProcessor()],
  metricReaders: [],
  instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation()],
}).start()

const express: typeof import('express') = require('express')
const tracer = trace.getTracer('agents')
const app = express()
app.use(logging)
app.use('/daybook', logging.router())
app.get('/ask/:question', (req, res) => {
  logging.logger.withContext({ session_id: 's-1', user_id: 'ada' }, () => {
    const attributes = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'clerk' }
    tracer.startActiveSpan('invoke_agent clerk', { attributes }, (agent) => {
      process.stdout.write('started\n')
      const tool = {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'look_up',
        'gen_ai.tool.call.id': 'c-1',
      }
      tracer.startActiveSpan('execute_tool look_up', { attributes: tool }, (span) => {
        span.setAttribute(
          'gen_ai.tool.call.arguments',
          JSON.stringify({ password: 'hunter2', question: req.params.question }),
        )
        span.recordException(new TypeError('no such thing'))
        span.setStatus({ code: SpanStatusCode.ERROR, message: 'no such thing' })
        span.end()
      })
      agent.end()
    })
    logs.getLogger('app').emit({ body: 'asked', severityNumber: 13, attributes: { token: 'hunter2' } })
  })
  res.json({})
})
app.get('/hostile', (_req, res) => {
  const attributes = {
    get bad() {
      throw new Error('of the host')
    },
  }
  const span = tracer.startSpan('hostile')
  Object.defineProperty(span, 'attributes', { get: () => attributes })
  span.end()
  res.json({})
})
app.get('/boom/:id', () => {
  throw Object.assign(new RangeError('boom'), { code: 'E_BOOM' })
})
app.get('/last', () => {
  tracer.startActiveSpan('chat', () => {
    logs.getLogger('models').emit({ eventName: 'gen_ai.user.message', body: { content: 'Are you there?' } })
    process.exit(0)
  })
})
app.get('/stop', (_req, res) => {
  // The lines are on disk; to close would wait for a database that is not there.
  res.once('close', () => setImmediate(() => process.exit(0)))
  res.json({})
})
app.use(logging.errorHandler())
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`ready http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}\n`)
})
