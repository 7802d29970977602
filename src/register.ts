/**
 * Door "./register": `node --import daybook/register app.js` sets up an OpenTelemetry SDK with instrumentation of HTTP and
 * Express, whose spans and log records become events of the app's event log, or of one of its own where the app has none.
 */
import { createRequire, register as registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isMainThread } from 'node:worker_threads'
import { createLogRecordProcessor } from './capture/otel/log-processor.ts'
import { createSpanProcessor } from './capture/otel/span-processor.ts'
import { type Load, toEnvProcessors } from './config/otel-exporters.ts'
import { Fault } from './event/fault.ts'
import { type Internals, latestInternals, toInternals, wasMade } from './internals.ts'
import { eventLogging } from './logging.ts'

const SDK = '@opentelemetry/sdk-node'
const INSTRUMENTATIONS = {
  '@opentelemetry/instrumentation-http': 'HttpInstrumentation',
  '@opentelemetry/instrumentation-express': 'ExpressInstrumentation',
} as const

interface Started {
  start(): void
}

/** The packages are the app's: from its folder. */
const ofApp = createRequire(join(process.cwd(), 'package.json'))

// Threads have no requests, and ours must not watch itself.
if (isMainThread) register()

/** Throws Fault `invalid_options` when a package is missing. */
function register(): void {
  const { NodeSDK } = load(SDK)
  const instrumentations = Object.entries(INSTRUMENTATIONS).map(([name, made]) => make(load(name)[made]))
  const processors = toEnvProcessors(createRequire(ofApp.resolve(SDK)) as Load)
  hookModules()
  const sdk = make(NodeSDK, {
    instrumentations,
    spanProcessors: [createSpanProcessor(() => find()?.telemetry), ...processors.spans],
    logRecordProcessors: [createLogRecordProcessor(() => find()?.telemetry), ...processors.logs],
  }) as Started
  sdk.start()
}

function load(name: string): ReturnType<Load> {
  try {
    return ofApp(name)
  } catch (error) {
    const names = [SDK, ...Object.keys(INSTRUMENTATIONS)].join(' ')
    throw new Fault('invalid_options', `daybook/register needs ${name}: npm install ${names}`, { cause: error })
  }
}

function make(Made: ReturnType<Load>[string] | undefined, options?: object): unknown {
  if (!Made)
    throw new Fault('invalid_options', `daybook/register does not know this release of ${SDK}: take 2.x or 3.x.`)
  return new Made(options)
}

/** ES modules are instrumented by a hook, whose package comes with the instrumentation. */
function hookModules(): void {
  const hook = createRequire(ofApp.resolve('@opentelemetry/instrumentation-http')).resolve(
    '@opentelemetry/instrumentation',
  )
  const file = createRequire(hook).resolve('@opentelemetry/instrumentation/hook.mjs')
  registerHooks(pathToFileURL(file).href)
}

/**
 * The app's event log once it has made one; until then, and without one, an event log by the environment. Undefined when
 * the app has closed its own: one that is started then would be closed by nobody.
 */
function find(): Internals | undefined {
  return latestInternals() ?? (wasMade() ? undefined : toInternals(eventLogging()))
}
