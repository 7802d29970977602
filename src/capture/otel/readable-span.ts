/** A span of an SDK in this process → a Span of ours: a copy, as the SDK goes on with its own. */
import type { Attributes, AttributeValue, Span } from './span.ts'

export type HrTime = readonly [seconds: number, nanos: number]

interface Scope {
  readonly name: string
  readonly version?: string | undefined
}

/** As far as it is read. SDK 2.x and 3.x name two things differently, and either is taken from any of them. */
export interface ReadableSpan {
  readonly name: string
  readonly kind: number
  spanContext(): { readonly traceId: string; readonly spanId: string }
  readonly parentSpanContext?: { readonly spanId: string } | undefined
  readonly parentSpanId?: string | undefined
  readonly startTime: HrTime
  readonly endTime: HrTime
  readonly ended: boolean
  readonly status: { readonly code: number; readonly message?: string | undefined }
  readonly attributes: object
  readonly events: readonly { readonly name: string; readonly time: HrTime; readonly attributes?: object | undefined }[]
  readonly resource: { readonly attributes: object }
  readonly instrumentationScope?: Scope | undefined
  readonly instrumentationLibrary?: Scope | undefined
}

const KINDS = ['internal', 'server', 'client', 'producer', 'consumer'] as const
const STATUSES = ['unset', 'ok', 'error'] as const

export function toSpan(span: ReadableSpan): Span {
  const { traceId: trace_id, spanId: span_id } = span.spanContext()
  const { name = '', version = '' } = span.instrumentationScope ?? span.instrumentationLibrary ?? {}
  return {
    trace_id,
    span_id,
    parent_span_id: (span.parentSpanContext?.spanId ?? span.parentSpanId) || undefined,
    name: span.name,
    kind: KINDS[span.kind] ?? 'unspecified',
    startMicros: toMicros(span.startTime),
    endMicros: span.ended ? toMicros(span.endTime) : undefined,
    status: STATUSES[span.status.code] ?? 'unset',
    status_message: span.status.message ?? '',
    attributes: toPlain(span.attributes),
    events: span.events.map((event) => ({
      name: event.name,
      micros: toMicros(event.time),
      attributes: toPlain(event.attributes ?? {}),
    })),
    resource: toPlain(span.resource.attributes),
    scope: { name, version },
  }
}

export const toMicros = ([seconds, nanos]: HrTime): number => seconds * 1_000_000 + Math.floor(nanos / 1_000)

export const toPlain = (attributes: object): Attributes =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, toValue(value, 0)]))

/** What is nested deeper is nobody's attribute, or holds itself. */
const MAX_DEPTH = 40

function toValue(value: unknown, depth: number): AttributeValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null || depth === MAX_DEPTH) return null
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map((item) => toValue(item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toValue(member, depth + 1)]))
}
