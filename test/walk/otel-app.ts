/** A program of somebody who has OpenTelemetry and has never heard of Daybook. */
import { logs, SeverityNumber, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'

const tracer = trace.getTracer('shop', '1.2.3')
tracer.startActiveSpan('GET /orders/:id', { kind: SpanKind.SERVER }, (span) => {
  span.setAttributes({ 'http.request.method': 'GET', 'http.route': '/orders/:id', 'url.path': '/orders/41' })
  span.setAttribute('http.response.status_code', 500)
  tracer.startActiveSpan('look up', (inner) => {
    inner.setAttributes({ big: 2 ** 53 - 1, list: ['a', 'b'], password: 'hunter2' })
    inner.recordException(new TypeError('no such order'))
    inner.setStatus({ code: SpanStatusCode.ERROR, message: 'no such order' })
    inner.end()
  })
  logs.getLogger('shop').emit({
    eventName: 'order.refused',
    severityNumber: SeverityNumber.WARN,
    body: { order: 41, reasons: ['too old', 'too big'] },
  })
  span.end()
})
