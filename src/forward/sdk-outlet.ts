/** Sends records through what the host has of OpenTelemetry: a LogRecordExporter of an SDK, or a Logger of its API. */
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import type { ForwardTo, LogExporter, OtelLogger } from '../config/host-options.ts'
import { Fault, toReason } from '../event/fault.ts'
import { toResource } from './otlp-logs.ts'
import type { OutRecord } from './out-record.ts'
import type { Outlet } from './outlet.ts'
import { SEVERITY_NUMBERS } from './severity.ts'

/** `timeoutMs`: longest wait for an exporter. */
export const createSdkOutlet = (to: ForwardTo, version: string, timeoutMs = 10_000): Outlet =>
  'emit' in to
    ? async (records) => records.forEach((record) => void emit(to, record))
    : toExport(to, version, timeoutMs)

/** `ExportResultCode.SUCCESS` of @opentelemetry/core. */
const SUCCESS = 0

const toExport =
  (exporter: LogExporter, version: string, timeoutMs: number): Outlet =>
  (records) =>
    new Promise((resolve, reject) => {
      const away = (error: unknown): void =>
        reject(new Fault('receiver_away', `The exporter failed: ${toReason(error)}.`, { cause: error }))
      const timer = setTimeout(away, timeoutMs, `no answer in ${timeoutMs} ms`).unref()
      try {
        exporter.export(
          records.map((record) => toReadable(record, version)),
          ({ code, error }) => {
            // It would keep the records.
            clearTimeout(timer)
            if (code === SUCCESS) resolve()
            else away(error ?? `code ${code}`)
          },
        )
      } catch (error) {
        away(error)
      }
    })

function emit(logger: OtelLogger, record: OutRecord): void {
  const { event_name: eventName, body, attributes, severity } = record
  logger.emit({
    eventName,
    timestamp: toHrTime(record.micros),
    severityNumber: SEVERITY_NUMBERS[severity],
    severityText: severity,
    body,
    attributes,
    context: toContext(record),
  })
}

const toContext = (record: OutRecord) => {
  const spanContext = toSpanContext(record)
  return spanContext ? trace.setSpanContext(ROOT_CONTEXT, spanContext) : context.active()
}

const toSpanContext = ({ trace_id, span_id }: OutRecord) =>
  trace_id === undefined ? undefined : { traceId: trace_id, spanId: span_id ?? '0'.repeat(16), traceFlags: 1 }

const toHrTime = (micros: number): [number, number] => [Math.floor(micros / 1e6), (micros % 1e6) * 1000]

/** What exporters read of a ReadableLogRecord. */
function toReadable(record: OutRecord, version: string): object {
  const resource = toResource(record)
  return {
    hrTime: toHrTime(record.micros),
    hrTimeObserved: toHrTime(record.micros),
    spanContext: toSpanContext(record),
    severityNumber: SEVERITY_NUMBERS[record.severity],
    severityText: record.severity,
    eventName: record.event_name,
    body: record.body,
    attributes: record.attributes,
    droppedAttributesCount: 0,
    instrumentationScope: { name: 'daybook', version },
    resource: {
      attributes: resource,
      asyncAttributesPending: false,
      getRawAttributes: () => Object.entries(resource),
    },
  }
}
