/** Exports of OpenTelemetry exporters → telemetry. */
import { createHash } from 'node:crypto'
import type { OtlpIntake } from '../../event/ports/otlp.ts'
import type { LogRecord } from '../otel/span.ts'
import type { Telemetry } from '../otel/telemetry.ts'
import { decodeLogs, decodeSpans } from './decode.ts'
import { createDeliveries } from './deliveries.ts'

export function createOtlpIntake(telemetry: Telemetry): OtlpIntake {
  const deliveries = createDeliveries()
  return {
    take: (body, { signal, encoding, tenant_id, user_id, trace_id }) => {
      if (trace_id !== undefined) deliveries.remember(trace_id)
      if (signal === 'logs') {
        const { good, ...taken } = decodeLogs(body, encoding)
        const records = deliveries.withoutLogs(withKeys(good, body))
        return { ...taken, shed: telemetry.logs(records, tenant_id, user_id) }
      }
      const { good, ...taken } = decodeSpans(body, encoding)
      return { ...taken, shed: telemetry.spans(deliveries.withoutSpans(good), tenant_id, user_id) }
    },
  }
}

/** A log record has no id. One that comes again does so in the same export: exporters repeat its very bytes. */
function withKeys(records: readonly LogRecord[], body: Uint8Array): readonly LogRecord[] {
  const digest = createHash('sha256').update(body).digest('hex')
  return records.map((record, at) => ({ ...record, idempotency_key: `otlp:${digest}:${at}` }))
}
