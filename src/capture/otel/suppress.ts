/** Work of Daybook's own, of which OpenTelemetry's instrumentation makes no spans. */
import { context, createContextKey } from '@opentelemetry/api'

/** Of @opentelemetry/core, which makes its keys by name. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING')

export const withoutSpans = <T>(work: () => T): T =>
  context.with(context.active().setValue(SUPPRESS_TRACING, true), work)

/** What is called out of such work runs as it would have without. */
export const withSpans = <F>(callback: F): F => context.bind(context.active(), callback)
