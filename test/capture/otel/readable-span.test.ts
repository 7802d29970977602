/** Spans of SDKs as plain values. */
import { describe, expect, test } from '@jest/globals'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { type ReadableSpan as SdkSpan, TracerProvider } from '@opentelemetry/sdk-trace'
import { type ReadableSpan, toSpan } from '../../../src/capture/otel/readable-span.ts'

const plain: ReadableSpan = {
  ...{ name: 'x', kind: 1, startTime: [1_700_000_000, 123_456_789], endTime: [1_700_000_001, 999], ended: true },
  spanContext: () => ({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }),
  ...{
    status: { code: 2, message: 'no' },
    attributes: {},
    events: [],
    resource: { attributes: { 'service.name': 'shop' } },
  },
}

describe('a span', () => {
  test('of SDK 3.x is read', () => {
    const spans: SdkSpan[] = []
    const onEnd = (span: SdkSpan) => void spans.push(span)
    const none = async () => undefined
    const processor = { onStart: () => undefined, onEnd, forceFlush: none, shutdown: none }
    const tracer = new TracerProvider({ spanProcessors: [processor] }).getTracer('shop', '1.2')
    const span = tracer.startSpan('chat', { kind: SpanKind.CLIENT, attributes: { a: [1, 2] } })
    span.recordException(new TypeError('no'))
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'no' }).end()
    const [ended] = spans
    const read = ended && toSpan(ended)
    expect(read).toMatchObject({
      ...{ name: 'chat', kind: 'client', status: 'error', status_message: 'no', attributes: { a: [1, 2] } },
      ...{ ...{ trace_id: span.spanContext().traceId, span_id: span.spanContext().spanId }, parent_span_id: undefined },
      ...{
        scope: { name: 'shop', version: '1.2' },
        events: [{ name: 'exception', attributes: { 'exception.message': 'no' } }],
      },
    })
    expect(Math.abs((read?.endMicros ?? 0) / 1000 - Date.now())).toBeLessThan(60_000)
  })

  test('has its parent and its scope by the names of either SDK', () => {
    const scope = { name: 'lib', version: '2' }
    expect(toSpan({ ...plain, parentSpanId: 'c', instrumentationLibrary: scope })).toMatchObject({
      parent_span_id: 'c',
      scope,
    })
    const parentSpanContext = { spanId: 'c' }
    expect(toSpan({ ...plain, parentSpanContext, instrumentationScope: scope })).toMatchObject({
      parent_span_id: 'c',
      scope,
    })
    expect(toSpan({ ...plain, parentSpanId: '' }).parent_span_id).toBeUndefined()
  })

  test('has microseconds, and no end while it runs', () => {
    expect(toSpan(plain)).toMatchObject({ startMicros: 1_700_000_000_123_456, endMicros: 1_700_000_001_000_000 })
    expect(toSpan({ ...plain, ended: false, endTime: [0, 0] }).endMicros).toBeUndefined()
  })

  test('is a copy, of whatever is in it', () => {
    const ring: Record<string, unknown> = {}
    ring.self = ring
    const list = [1]
    const attributes = { list, bytes: new Uint8Array([1, 2]), big: 2n ** 64n, nothing: null, call: () => 1, ring }
    const read = toSpan({ ...plain, attributes })
    list.push(2)
    expect(read.attributes).toMatchObject({
      list: [1],
      bytes: 'AQI=',
      big: '18446744073709551616',
      nothing: null,
      call: null,
    })
  })
})
