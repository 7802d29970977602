/** An app to be attacked, with an OpenTelemetry SDK of its own that knows nothing of Daybook. Prints `ready <url>`. */
import { AsyncLocalStorage, createHook } from 'node:async_hooks'
import { trace } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import express from 'express'
import { eventLogging } from '../../src/index.ts'

const exporter = new InMemorySpanExporter()
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }))
const provider = trace.getTracerProvider()
/** With hooks on, a stack that overflows once ended the process without a word. */
createHook({ init: () => undefined }).enable()
const own = new AsyncLocalStorage<number>()

const SECRETS = ['authorization', 'cookie', 'x-api-key', 'proxy-authorization', 'x-plain']
const all = ['/*']
const logging = eventLogging({
  database: 'postgres://nobody@127.0.0.1:1/none',
  requestHeaders: SECRETS,
  responseHeaders: ['set-cookie'],
  requestBodies: all,
  responseBodies: all,
  onNotice: (line) => void process.stdout.write(`${line}\n`),
})
const recurse = (depth: number): number => own.run(depth, () => recurse(depth + 1) + 1)

const app = express().set('query parser', 'extended')
app.use(logging)
app.use('/daybook', logging.router())
app.use(express.json(), express.urlencoded({ extended: true }))
app.get('/recurse', (_req, res) => void res.json(recurse(0)))
app.all('/echo', (req, res) => {
  const { logger } = logging
  logger.log({ event_type: 'TOOL_REQUEST', tool_name: 'echo', payload: req.body, metadata: req.query })
  logger.log({ event_type: 'TOOL_RESULT', tool_name: 'echo', payload: JSON.stringify(req.body) })
  res.set('set-cookie', ['sid=canary-of-set-cookie-1', 'csrf=canary-of-set-cookie-2']).json(req.body ?? {})
})
app.get('/spans', (_req, res) => {
  for (let n = 0; n < 3; n++) provider.getTracer('shop').startSpan(`work ${n}`).end()
  res.json({
    spans: exporter.getFinishedSpans().map(({ name }) => name),
    isOwn: trace.getTracerProvider() === provider,
    polluted: Object.keys(Object.prototype).concat(Reflect.has({}, 'polluted') ? 'polluted' : []),
  })
})
app.get('/stop', async (_req, res) => {
  res.json({})
  await logging.close()
  process.exit(0)
})
app.use(logging.errorHandler())
app.use(((_error, _req, res, _next) => void res.status(500).json({})) as express.ErrorRequestHandler)
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`ready http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}\n`)
})
