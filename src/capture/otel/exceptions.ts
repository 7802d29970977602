/** Exceptions, whichever way they come: as events of spans (the older way) or as log records of their own. */
import type { ErrorDraft } from '../../event/event.ts'
import { toKey, toSender } from './drafts.ts'
import type { Attributes, LogRecord, Span } from './span.ts'
import { toWord } from './values.ts'

const FATAL = 21

export const toSpanErrors = (span: Span): readonly ErrorDraft[] =>
  span.events
    .filter(({ name }) => name === 'exception')
    .map(({ attributes, micros }, ordinal) => ({
      ...toError(attributes),
      idempotency_key: toKey(span, `exception:${ordinal}`),
      created_at: micros / 1000,
      trace_id: span.trace_id,
      span_id: span.span_id,
      service: toSender(span).service,
      endpoint: toWord(span.attributes['http.route']),
    }))

/** Undefined for a log record that is about something else. */
export function toLogError(record: LogRecord): ErrorDraft | undefined {
  const { attributes, severity_number, micros, trace_id, span_id } = record
  if (!toWord(attributes['exception.type']) && !toWord(attributes['exception.message'])) return undefined
  return {
    ...toError(attributes),
    idempotency_key: record.idempotency_key,
    severity: severity_number >= FATAL ? 'critical' : 'error',
    created_at: micros / 1000,
    trace_id,
    span_id,
    service: toSender(record).service,
  }
}

function toError(attributes: Attributes): ErrorDraft {
  const error = {
    name: toWord(attributes['exception.type']) ?? 'Error',
    message: toWord(attributes['exception.message']) ?? '',
    stack: toWord(attributes['exception.stacktrace']),
  }
  return { error, handled: attributes['exception.escaped'] !== true }
}
