/** A finished span → the drafts that tell it. */
import type { Draft } from '../../event/event.ts'
import { toVerdict } from '../express/verdict.ts'
import { toOperation } from './classify.ts'
import { toRequestFields } from './dialects/http.ts'
import type { Source, Span } from './span.ts'
import { toWord } from './values.ts'

export function toDrafts(span: Span): readonly Draft[] {
  const operation = toOperation(span)
  return operation === 'request' ? [toRequest(span)] : [toNode(span)]
}

function toRequest(span: Span): Draft {
  const fields = toRequestFields(span)
  const verdict = toVerdict(span.status === 'error', fields.status_code ?? undefined, 'ended')
  return { ...toBase(span), ...fields, ...verdict, idempotency_key: toKey(span, 'request') }
}

function toNode(span: Span): Draft {
  const hasFailed = span.status === 'error'
  return {
    ...toBase(span),
    event_type: 'SPAN',
    status: hasFailed ? 'failure' : 'success',
    severity: hasFailed ? 'warning' : 'debug',
    action_description: span.name,
    error_code: toErrorCode(span),
    payload: span.attributes,
    idempotency_key: toKey(span, 'span'),
  }
}

/** Columns that any span gives. The time is that of its end, as with all that is told when it is over. */
function toBase(span: Span): Omit<Draft, 'event_type'> {
  const { trace_id, span_id, parent_span_id, startMicros, endMicros = startMicros } = span
  return {
    ...toSender(span),
    created_at: endMicros / 1000,
    duration_ms: Math.max(0, endMicros - startMicros) / 1000,
    trace_id,
    span_id,
    parent_span_id,
  }
}

/** The process that made it. */
export const toSender = ({ resource }: Source): Pick<Draft, 'service' | 'host'> => ({
  service: toWord(resource['service.name']),
  host: toWord(resource['host.name']),
})

/** Exporters send a batch again when an answer is lost: the same span gives the same ids. */
export const toKey = ({ trace_id, span_id }: Span, ordinal: string): string => `otel:${trace_id}:${span_id}:${ordinal}`

/** Few of those that fail say so by `error.type`. */
function toErrorCode({ status, attributes, events }: Span): string | undefined {
  if (status !== 'error') return undefined
  const exception = events.find(({ name }) => name === 'exception')
  return toWord(attributes['error.type']) ?? toWord(exception?.attributes['exception.type']) ?? '_OTHER'
}
