/** The exporters that the standard variables ask for; the SDK makes none itself once it is given processors. */

/** Loads a package that the SDK itself depends on. */
export type Load = (name: string) => Readonly<Record<string, new (options?: object) => unknown>>

type Env = Readonly<Record<string, string | undefined>>

interface Signal {
  readonly variable: 'TRACES' | 'LOGS'
  readonly sdk: string
  readonly exporters: string
  readonly otlp: string
  readonly console: string
  readonly batch: string
  readonly simple: string
}

const TRACES: Signal = {
  variable: 'TRACES',
  sdk: '@opentelemetry/sdk-trace',
  exporters: '@opentelemetry/exporter-trace-otlp-',
  otlp: 'OTLPTraceExporter',
  console: 'ConsoleSpanExporter',
  batch: 'BatchSpanProcessor',
  simple: 'SimpleSpanProcessor',
}
const LOGS: Signal = {
  variable: 'LOGS',
  sdk: '@opentelemetry/sdk-logs',
  exporters: '@opentelemetry/exporter-logs-otlp-',
  otlp: 'OTLPLogExporter',
  console: 'ConsoleLogRecordExporter',
  batch: 'BatchLogRecordProcessor',
  simple: 'SimpleLogRecordProcessor',
}

const PROTOCOLS: Readonly<Record<string, string>> = { grpc: 'grpc', 'http/json': 'http', 'http/protobuf': 'proto' }

/**
 * Processors with exporters. Without a variable that asks for one there are none: the specification's default, a collector
 * on this machine, would be this process itself.
 */
export function toEnvProcessors(
  load: Load,
  env = process.env,
): { readonly spans: unknown[]; readonly logs: unknown[] } {
  // Metrics the SDK exports by itself.
  if (!isAsked('METRICS', env)) env.OTEL_METRICS_EXPORTER = 'none'
  return { spans: toProcessors(TRACES, load, env), logs: toProcessors(LOGS, load, env) }
}

/** True when a variable says where the signal goes. */
const isAsked = (variable: string, env: Env): boolean =>
  [`OTEL_${variable}_EXPORTER`, `OTEL_EXPORTER_OTLP_${variable}_ENDPOINT`, 'OTEL_EXPORTER_OTLP_ENDPOINT'].some(
    (name) => env[name],
  )

function toProcessors(signal: Signal, load: Load, env: Env): unknown[] {
  if (!isAsked(signal.variable, env)) return []
  const names = (env[`OTEL_${signal.variable}_EXPORTER`] || 'otlp').split(',').map((name) => name.trim())
  return names.flatMap((name) => {
    if (name === 'otlp') return [make(load, signal.sdk, signal.batch, { exporter: toOtlp(signal, load, env) })]
    if (name === 'console')
      return [make(load, signal.sdk, signal.simple, { exporter: make(load, signal.sdk, signal.console) })]
    return []
  })
}

function toOtlp({ variable, exporters, otlp }: Signal, load: Load, env: Env): unknown {
  const protocol = env[`OTEL_EXPORTER_OTLP_${variable}_PROTOCOL`] || env.OTEL_EXPORTER_OTLP_PROTOCOL || ''
  return make(load, `${exporters}${PROTOCOLS[protocol] ?? 'proto'}`, otlp)
}

function make(load: Load, from: string, name: string, options?: object): unknown {
  const Made = load(from)[name]
  if (!Made)
    throw new TypeError(`${from} has no ${name}; install a release of @opentelemetry/sdk-node from 2.x or 3.x.`)
  return new Made(options)
}
