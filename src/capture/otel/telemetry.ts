/** Spans and log records → events and errors. What both ways in end in: the SDK's processors and the OTLP receiver. */
import type { Draft } from '../../event/event.ts'
import type { Sink } from '../../event/ports.ts'
import { toDrafts, toSender } from './drafts.ts'
import { toLogError, toSpanErrors } from './exceptions.ts'
import type { LogRecord, Span } from './span.ts'
import { toWord } from './values.ts'

export interface Telemetry {
  /** Takes finished spans; gives the number of events that found no room. Never throws. */
  spans(batch: readonly Span[], tenant_id?: string, user_id?: string): number
  logs(batch: readonly LogRecord[], tenant_id?: string, user_id?: string): number
}

export function createTelemetry(sink: Sink): Telemetry {
  const spans: Telemetry['spans'] = (batch, ...of) => {
    const owner = toOwner(...of)
    let shed = 0
    for (const span of batch) {
      for (const draft of toDrafts(span)) if (!sink.event({ ...draft, ...owner })) shed++
      for (const error of toSpanErrors(span)) if (!sink.error({ ...error, ...owner })) shed++
    }
    return shed
  }

  const logs: Telemetry['logs'] = (batch, ...of) => {
    const owner = toOwner(...of)
    let shed = 0
    for (const record of batch) {
      const error = toLogError(record)
      const kept = error ? sink.error({ ...error, ...owner }) : sink.event({ ...toLogDraft(record), ...owner })
      if (!kept) shed++
    }
    return shed
  }
  return { spans, logs }
}

/** Where the user is given, it is the sender, whomever a record names. */
const toOwner = (tenant_id?: string, user_id?: string) => (user_id ? { tenant_id, user_id } : { tenant_id })

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
    idempotency_key: record.idempotency_key,
  }
}
