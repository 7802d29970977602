/** Spans and log records → events and errors. What both ways in end in: the SDK's processors and the OTLP receiver. */
import type { Draft } from '../../event/event.ts'
import type { Sink } from '../../event/ports.ts'
import { toDrafts, toSender } from './drafts.ts'
import { toLogError, toSpanErrors } from './exceptions.ts'
import type { LogRecord, Span } from './span.ts'
import { toWord } from './values.ts'

export interface Telemetry {
  /** Takes finished spans; gives the number of events that found no room. Never throws. */
  spans(batch: readonly Span[], tenant_id?: string): number
  logs(batch: readonly LogRecord[], tenant_id?: string): number
}

export function createTelemetry(sink: Sink): Telemetry {
  const spans: Telemetry['spans'] = (batch, tenant_id) => {
    let shed = 0
    for (const span of batch) {
      for (const draft of toDrafts(span)) if (!sink.event({ ...draft, tenant_id })) shed++
      for (const error of toSpanErrors(span)) if (!sink.error({ ...error, tenant_id })) shed++
    }
    return shed
  }

  const logs: Telemetry['logs'] = (batch, tenant_id) => {
    let shed = 0
    for (const record of batch) {
      const error = toLogError(record)
      const kept = error ? sink.error({ ...error, tenant_id }) : sink.event({ ...toLogDraft(record), tenant_id })
      if (!kept) shed++
    }
    return shed
  }
  return { spans, logs }
}

const WARN = 13
const ERROR = 17
const FATAL = 21

function toLogDraft(record: LogRecord): Draft {
  const { severity_number: level, event_name, micros, body, attributes, trace_id, span_id } = record
  return {
    ...toSender(record),
    event_type: event_name || 'LOG',
    severity: level >= FATAL ? 'critical' : level >= ERROR ? 'error' : level >= WARN ? 'warning' : 'info',
    action_description: toWord(body) ?? event_name,
    created_at: micros / 1000,
    trace_id,
    span_id,
    payload: typeof body === 'object' && body !== null ? body : undefined,
    metadata: attributes,
  }
}
