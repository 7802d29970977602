/** Log records of an OpenTelemetry SDK in this process → events; structural, as the processor of spans is. */
import { currentContext } from '../context.ts'
import { type HrTime, toMicros, toPlain } from './readable-span.ts'
import type { LogRecord } from './span.ts'
import { toAttributes } from './span-processor.ts'
import type { Telemetry } from './telemetry.ts'
import { toWord } from './values.ts'

/** What NodeSDK takes in `logRecordProcessors`. */
export interface LogRecordProcessor {
  onEmit(record: unknown, context?: unknown): void
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
}

/** As far as it is read. */
interface ReadableLogRecord {
  readonly hrTime?: HrTime
  readonly hrTimeObserved?: HrTime
  readonly spanContext?: { readonly traceId: string; readonly spanId: string } | undefined
  readonly severityNumber?: number | undefined
  readonly severityText?: string | undefined
  readonly body?: unknown
  readonly eventName?: string | undefined
  readonly attributes?: object
  readonly resource?: { readonly attributes: object }
  readonly instrumentationScope?: { readonly name: string; readonly version?: string | undefined }
}

/** The name of what Daybook itself sends on through the host's Logger. */
const OWN_SCOPE = 'daybook'

/** What waits has been told before anybody sees these promises resolve, so there is nothing to flush. */
export function createLogRecordProcessor(find: () => Telemetry | undefined): LogRecordProcessor {
  return {
    onEmit(given) {
      try {
        const record = given as ReadableLogRecord
        if (record.instrumentationScope?.name === OWN_SCOPE) return
        find()?.log(toLogRecord(record), currentContext()?.tenant_id ?? undefined)
      } catch {
        // As with spans: the host's own values may throw.
      }
    },
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  }
}

function toLogRecord(record: ReadableLogRecord): LogRecord {
  const attributes = toPlain(record.attributes ?? {})
  const { name = '', version = '' } = record.instrumentationScope ?? {}
  const time = [record.hrTime, record.hrTimeObserved].find((at) => at && at[0] > 0)
  return {
    micros: time ? toMicros(time) : Date.now() * 1000,
    severity_number: record.severityNumber ?? 0,
    severity_text: record.severityText ?? '',
    event_name: record.eventName || toWord(attributes['event.name']) || '',
    body: toPlain({ body: record.body }).body,
    attributes: { ...toAttributes(currentContext()), ...attributes },
    trace_id: record.spanContext?.traceId,
    span_id: record.spanContext?.spanId,
    resource: toPlain(record.resource?.attributes ?? {}),
    scope: { name, version },
  }
}
