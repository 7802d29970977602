/** The trace of the running code: the active span's, else the request's `traceparent`, else a new one. */
import {
  type Context,
  context,
  createContextKey,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  trace,
} from '@opentelemetry/api'
import { parseTraceparent, toSpanId, toTraceId } from '../event/trace.ts'
import { noteCaptured } from './own-spans.ts'

export interface TraceIds {
  readonly trace_id: string
  /** The span of the request itself. */
  readonly span_id: string
  readonly parent_span_id?: string
}

export const activeTrace = (): TraceIds | undefined => toIds(trace.getActiveSpan())

function toIds(span: Pick<Span, 'spanContext'> | undefined): TraceIds | undefined {
  const ids = span?.spanContext()
  return ids && isSpanContextValid(ids) ? { trace_id: ids.traceId, span_id: ids.spanId } : undefined
}

/** Where OpenTelemetry's HTTP instrumentation leaves the span of a request; keys are known by their names. */
const RPC_METADATA = createContextKey('OpenTelemetry SDK Context Key RPC_METADATA')

/** The server's span of the request: the active one may be that of a middleware, which instrumentation has put around it. */
export function serverTrace(): TraceIds | undefined {
  const active: Context = context.active()
  if (active === ROOT_CONTEXT) return undefined
  const rpc = active.getValue(RPC_METADATA) as { span?: Pick<Span, 'spanContext'> } | undefined
  return toIds(rpc?.span ?? trace.getSpan(active))
}

/** Undefined for a request that comes without a trace. */
export function givenTrace(traceparent: unknown, server = serverTrace()): TraceIds | undefined {
  const parent = parseTraceparent(traceparent)
  if (!server) return parent && { trace_id: parent.trace_id, span_id: toSpanId(), parent_span_id: parent.span_id }
  return parent?.trace_id === server.trace_id ? { ...server, parent_span_id: parent.span_id } : server
}

/** The trace of a request that is to have an event: the span of its server is to have none. */
export function traceOfRequest(traceparent: unknown): TraceIds {
  const server = serverTrace()
  if (server) noteCaptured(server)
  return givenTrace(traceparent, server) ?? { trace_id: toTraceId(), span_id: toSpanId() }
}
