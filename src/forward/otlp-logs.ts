/** Records → the body of a POST to `/v1/logs`, OTLP 1.x as JSON: https://opentelemetry.io/docs/specs/otlp/#otlphttp */

import type { OutRecord, OutValue } from './out-record.ts'
import { SEVERITY_NUMBERS } from './severity.ts'

export function toOtlpJson(records: readonly OutRecord[], version: string): string {
  const scope = { name: 'daybook', version }
  const resourceLogs = [...bySender(records)].map(([sender, own]) => ({
    resource: { attributes: toKeyValues(JSON.parse(sender)) },
    scopeLogs: [{ scope, logRecords: own.map(toLogRecord) }],
  }))
  return JSON.stringify({ resourceLogs })
}

/** The attributes of the process that made a record. */
export const toResource = ({ service, host }: OutRecord): Record<string, string> => ({
  ...(service !== undefined && { 'service.name': service }),
  ...(host !== undefined && { 'host.name': host }),
})

function bySender(records: readonly OutRecord[]): ReadonlyMap<string, OutRecord[]> {
  const groups = new Map<string, OutRecord[]>()
  for (const record of records) {
    const sender = JSON.stringify(toResource(record))
    groups.set(sender, [...(groups.get(sender) ?? []), record])
  }
  return groups
}

const toLogRecord = (record: OutRecord): object => ({
  timeUnixNano: `${record.micros}000`,
  observedTimeUnixNano: `${record.micros}000`,
  severityNumber: SEVERITY_NUMBERS[record.severity],
  severityText: record.severity,
  eventName: record.event_name,
  body: { stringValue: record.body },
  attributes: toKeyValues(record.attributes),
  ...(record.trace_id !== undefined && { traceId: record.trace_id }),
  ...(record.span_id !== undefined && { spanId: record.span_id }),
})

const toKeyValues = (attributes: Readonly<Record<string, OutValue>>): object[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: toAnyValue(value) }))

function toAnyValue(value: OutValue): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  return { arrayValue: { values: value.map(toAnyValue) } }
}
