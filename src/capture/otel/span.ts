/** A span and a log record as plain values: the same whether they came from an SDK in this process or over OTLP. */

export type AttributeValue = null | boolean | number | string | readonly AttributeValue[] | Attributes
/** May hold secrets. Integers that no number can hold are decimal text, bytes are base64. */
export interface Attributes {
  readonly [key: string]: AttributeValue | undefined
}

/** What made it. */
export interface Source {
  readonly resource: Attributes
  /** The instrumentation's name and version; empty where it has none. */
  readonly scope: { readonly name: string; readonly version: string }
}

export interface Span extends Source {
  /** 32 hex digits, lower case, not all zero. */
  readonly trace_id: string
  /** 16 hex digits, lower case, not all zero. */
  readonly span_id: string
  readonly parent_span_id: string | undefined
  readonly name: string
  readonly kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  /** Microseconds since 1970. */
  readonly startMicros: number
  /** Undefined while it runs. */
  readonly endMicros: number | undefined
  readonly status: 'unset' | 'ok' | 'error'
  readonly status_message: string
  readonly attributes: Attributes
  readonly events: readonly SpanEvent[]
}

export interface SpanEvent {
  readonly name: string
  readonly micros: number
  readonly attributes: Attributes
}

export interface LogRecord extends Source {
  /** When it happened, else when it was seen; microseconds since 1970. */
  readonly micros: number
  /** 1 (trace) to 24 (fatal); 0 when it was not given. */
  readonly severity_number: number
  readonly severity_text: string
  /** The record's own name, else its attribute `event.name`; empty for a plain log line. */
  readonly event_name: string
  readonly body: AttributeValue | undefined
  readonly attributes: Attributes
  readonly trace_id: string | undefined
  readonly span_id: string | undefined
  /** The same when it is sent again; a record has no id of its own. */
  readonly idempotency_key?: string | undefined
}
