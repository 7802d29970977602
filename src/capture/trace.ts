/** The trace of the running code: the active span's, else the request's `traceparent`, else a new one. */
import { isSpanContextValid, trace } from '@opentelemetry/api'
import { parseTraceparent, toSpanId, toTraceId } from '../event/trace.ts'

export interface TraceIds {
  readonly trace_id: string
  /** The span of the request itself. */
  readonly span_id: string
  readonly parent_span_id?: string
}

export function activeTrace(): TraceIds | undefined {
  const span = trace.getActiveSpan()?.spanContext()
  return span && isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : undefined
}

/** Undefined for a request that comes without a trace. */
export function givenTrace(traceparent: unknown): TraceIds | undefined {
  const active = activeTrace()
  if (active) return active
  const parent = parseTraceparent(traceparent)
  return parent && { trace_id: parent.trace_id, span_id: toSpanId(), parent_span_id: parent.span_id }
}

export const traceOfRequest = (traceparent: unknown): TraceIds =>
  givenTrace(traceparent) ?? { trace_id: toTraceId(), span_id: toSpanId() }
