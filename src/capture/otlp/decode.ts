/** An export's bytes, in either encoding → spans and log records. Pure. */
import { Fault } from '../../event/fault.ts'
import type { OtlpEncoding } from '../../event/ports/otlp.ts'
import type { LogRecord, Source, Span } from '../otel/span.ts'
import { LOGS, type Message, parseMessage, type RawRecord, type RawSpan, readMessage, TRACES } from './messages.ts'
import { refuse, toCursor } from './wire.ts'

/** What can be told of an export, and what can't. */
export interface Decoded<T> {
  readonly good: readonly T[]
  readonly rejected: number
  /** Why the first of them was rejected. */
  readonly reason: string | undefined
}

/** Spans or log records of one export: it is taken in one go, for which the app waits. Real exporters send 512 at a time. */
const MAX_RECORDS = 50_000
/** Messages, attributes and values of one export. Two bytes can ask for an object of 200. */
const MAX_PARTS = 1_500_000

export const decodeSpans = (body: Uint8Array, encoding: OtlpEncoding): Decoded<Span> => {
  const { resourceSpans } = decode(body, encoding, TRACES)
  const all = resourceSpans.flatMap(({ resource: { attributes: resource }, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) => spans.map((raw) => ({ raw, source: { resource, scope } }))),
  )
  return sort(all, toSpan)
}

export const decodeLogs = (body: Uint8Array, encoding: OtlpEncoding): Decoded<LogRecord> => {
  const { resourceLogs } = decode(body, encoding, LOGS)
  const all = resourceLogs.flatMap(({ resource: { attributes: resource }, scopeLogs }) =>
    scopeLogs.flatMap(({ scope, logRecords }) => logRecords.map((raw) => ({ raw, source: { resource, scope } }))),
  )
  return sort(all, toLogRecord)
}

function decode<T>(body: Uint8Array, encoding: OtlpEncoding, message: Message<T>): T {
  if (encoding === 'json') return parseMessage(parseJson(body), { parts: MAX_PARTS }, message)
  return readMessage(toCursor(body, MAX_PARTS), message)
}

const BRACE = 0x7b
const BRACKET = 0x5b

function parseJson(body: Uint8Array): unknown {
  if (body.length === 0) return {}
  let parts = 0
  for (let at = 0; at < body.length; at++) if (body[at] === BRACE || body[at] === BRACKET) parts++
  if (parts > MAX_PARTS) throw refuse('or one of too many parts; send it in several')
  try {
    // Bytes that are no UTF-8 become U+FFFD, and a byte order mark goes.
    return JSON.parse(new TextDecoder().decode(body))
  } catch (error) {
    throw new Fault('invalid_request', 'This is no valid JSON.', { cause: error })
  }
}

interface Sourced<R> {
  readonly raw: R
  readonly source: Source
}

/** Gives what is wrong with it instead of throwing: the others are good all the same. */
type Told<R, T> = (raw: R, source: Source) => T | string

function sort<R, T extends object>(all: readonly Sourced<R>[], tell: Told<R, T>): Decoded<T> {
  if (all.length > MAX_RECORDS) throw refuse(`or one of more than ${MAX_RECORDS} records; send it in several`)
  const told = all.map(({ raw, source }) => tell(raw, source))
  const good = told.filter((each): each is T => typeof each !== 'string')
  const reason = told.find((each): each is string & T => typeof each === 'string')
  return { good, rejected: told.length - good.length, reason }
}

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const
const STATUSES = ['unset', 'ok', 'error'] as const

const TRACE_ID = /^[0-9a-f]{32}$/
const SPAN_ID = /^[0-9a-f]{16}$/
const ZERO = /^0*$/
const isId = (text: string, form: RegExp): boolean => form.test(text) && !ZERO.test(text)

function toSpan(raw: RawSpan, source: Source): Span | string {
  const { traceId, spanId, parentSpanId, status } = raw
  if (!isId(traceId, TRACE_ID)) return 'A span has no trace id of 16 bytes.'
  if (!isId(spanId, SPAN_ID)) return 'A span has no span id of 8 bytes.'
  const isRoot = ZERO.test(parentSpanId)
  if (!isRoot && !SPAN_ID.test(parentSpanId)) return "A span's parent id is not of 8 bytes."
  const end = raw.endTimeUnixNano || undefined
  return {
    ...source,
    trace_id: traceId,
    span_id: spanId,
    parent_span_id: isRoot ? undefined : parentSpanId,
    name: raw.name,
    kind: KINDS[raw.kind] ?? 'unspecified',
    // Without its start it has no duration, rather than one of fifty years.
    startMicros: raw.startTimeUnixNano || (end ?? 0),
    endMicros: end,
    status: STATUSES[status.code] ?? 'unset',
    status_message: status.message,
    attributes: raw.attributes,
    events: raw.events.map(({ name, timeUnixNano, attributes }) => ({
      name,
      micros: timeUnixNano || raw.endTimeUnixNano,
      attributes,
    })),
  }
}

const MAX_SEVERITY = 24

/** One with ids that are none is about no trace, as its specification says, and is good. */
function toLogRecord(raw: RawRecord, source: Source): LogRecord {
  const name = raw.attributes['event.name']
  return {
    ...source,
    micros: raw.timeUnixNano || raw.observedTimeUnixNano,
    severity_number: raw.severityNumber <= MAX_SEVERITY ? Math.max(0, raw.severityNumber) : 0,
    severity_text: raw.severityText,
    event_name: raw.eventName || (typeof name === 'string' ? name : ''),
    body: raw.body ?? undefined,
    attributes: raw.attributes,
    trace_id: isId(raw.traceId, TRACE_ID) ? raw.traceId : undefined,
    span_id: isId(raw.spanId, SPAN_ID) ? raw.spanId : undefined,
  }
}
