/** Exceptions, whichever way they come: as events of spans (the older way) or as log records of their own; each once. */
import type { ErrorDraft, Event } from '../../event/event.ts'
import { toOwnError, toOwnId } from './dialects/own.ts'
import { above } from './kin.ts'
import { toDigest } from './memory.ts'
import type { Attributes, LogRecord } from './span.ts'
import { type SpanTeller, type Teller, toSender } from './telling.ts'
import { type Thrown, toExceptions, toInterrupt, toThrown } from './thrown.ts'
import { toNumber, toWord } from './values.ts'

const ERROR = 17
const FATAL = 21

export interface ErrorTelling {
  readonly draft: ErrorDraft
  /** What is seen of its trace when it is on record. */
  readonly what: string
  /** Of one that another Daybook sent on. */
  readonly own_id?: string | undefined
}

/** Those of a span that nobody told before. `event`: the one that says that it failed. */
export function toSpanErrors(teller: SpanTeller, event: Event | undefined): readonly ErrorTelling[] {
  const { span, ids } = teller
  if (isRefused(teller)) return []
  const route = toWord(span.attributes['http.route'])
  return toExceptions(span).flatMap(({ attributes, micros }, index) => {
    const thrown = toThrown(attributes)
    if (!thrown || toInterrupt(thrown)) return []
    const key = `otel:${span.trace_id}:${span.span_id}:exception:${index}`
    const error = toError(teller, thrown, attributes)
    return {
      ...error,
      draft: {
        ...error.draft,
        ...ids,
        created_at: micros / 1000,
        endpoint: route,
        event_id: event?.id,
        idempotency_key: key,
      },
    }
  })
}

/** A request that was answered with 4xx is an event and no error of the host. */
function isRefused({ own_operation, span }: SpanTeller): boolean {
  const code = toNumber(span.attributes['http.response.status_code']) ?? 0
  return own_operation === 'request' && code >= 400 && code < 500
}

/** An exception by its name, or by how grave it is; a line about one that was coped with is a line. */
export function toLogThrown({ attributes, severity_number, event_name }: LogRecord): Thrown | undefined {
  const isOne = event_name === 'exception' || event_name.endsWith('.exception')
  return isOne || severity_number >= ERROR || severity_number === 0 ? toThrown(attributes) : undefined
}

export function toLogError(teller: Teller, record: LogRecord, thrown: Thrown): ErrorTelling {
  const error = toError(teller, thrown, record.attributes)
  const severity = record.severity_number >= FATAL ? 'critical' : 'error'
  const key = `otel:${record.trace_id}:${record.span_id}:exception:${error.what}`
  const told = { severity, created_at: record.micros / 1000, idempotency_key: key }
  const draft = { ...error.draft, ...told, ...toOwnError(record.attributes) } as ErrorDraft
  return { ...error, draft, own_id: toOwnId(record.attributes) }
}

function toError(teller: Teller, thrown: Thrown, attributes: Attributes): ErrorTelling {
  const { name = 'Error', message, stack } = thrown
  const { trace_id, span_id, ids } = teller
  const draft: ErrorDraft = {
    ...{ error: { name, message, stack }, trace_id, span_id, ...ids },
    service: toSender(teller).service,
    handled: attributes['exception.escaped'] !== true,
  }
  return { draft, what: toDigest(JSON.stringify([name, message])) }
}

/** Whether it was told by this span, or on its way up or down through spans of the same trace. */
export function isSeen(teller: Teller, { what, own_id }: Omit<ErrorTelling, 'draft'>): boolean {
  const { trace, trace_id, span_id, parent_span_id, find } = teller
  if (trace_id === undefined) return false
  const own = new Set([span_id, ...[...above(parent_span_id, find)].map((one) => one.span_id)])
  return trace.seen.some((seen) => {
    if (seen.what !== what) return false
    // Two that are two where they come from.
    if (own_id && seen.own_id && own_id !== seen.own_id) return false
    if (seen.span_id === undefined || own.has(seen.span_id)) return true
    return [...above(seen.span_id, find)].some((one) => one.span_id === span_id)
  })
}
