/**
 * Requests that deliver telemetry, and all else of their traces. They are not told: an app that exports to itself makes
 * spans of each export, which are exported in turn, and so on without an end.
 */
import type { LogRecord, Span } from '../otel/span.ts'
import { toWord } from '../otel/values.ts'

export interface Deliveries {
  /** The trace of a request that brings an export to this process. */
  remember(trace_id: string): void
  withoutSpans(spans: readonly Span[]): readonly Span[]
  withoutLogs(records: readonly LogRecord[]): readonly LogRecord[]
}

/** The spans of a request come within seconds of it. */
const MAX_REMEMBERED = 4_096
const RECEIVER = /\/v1\/(?:traces|logs|metrics)$/

export function createDeliveries(): Deliveries {
  const own = new Set<string>()
  return {
    remember: (trace_id) => {
      own.add(trace_id)
      const [oldest] = own
      if (own.size > MAX_REMEMBERED && oldest !== undefined) own.delete(oldest)
    },
    withoutSpans: (spans) => {
      // Of another process: one that has a parent is part of a story that began elsewhere.
      const roots = spans.filter((span) => isDelivery(span) && span.parent_span_id === undefined)
      const others = new Set(roots.map(({ trace_id }) => trace_id))
      return spans.filter((span) => !own.has(span.trace_id) && !others.has(span.trace_id) && !isDelivery(span))
    },
    withoutLogs: (records) => records.filter(({ trace_id }) => trace_id === undefined || !own.has(trace_id)),
  }
}

const isDelivery = ({ kind, attributes }: Span): boolean =>
  kind === 'server' &&
  toWord(attributes['http.request.method']) === 'POST' &&
  RECEIVER.test(toWord(attributes['url.path']) ?? '')
