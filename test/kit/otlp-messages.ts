/** OTLP by protobufjs, from descriptors written down anew from opentelemetry-proto: what our decoder is compared with. */
import protobuf from 'protobufjs'
import type { Signal } from '../../src/event/ports/otlp.ts'

const field = (id: number, type: string) => ({ id, type })
const list = (id: number, type: string) => ({ id, type, rule: 'repeated' })

const root = protobuf.Root.fromJSON({
  nested: {
    TraceRequest: { fields: { resourceSpans: list(1, 'ResourceSpans') } },
    ResourceSpans: {
      fields: { resource: field(1, 'Resource'), scopeSpans: list(2, 'ScopeSpans'), schemaUrl: field(3, 'string') },
    },
    ScopeSpans: { fields: { scope: field(1, 'Scope'), spans: list(2, 'Span'), schemaUrl: field(3, 'string') } },
    Resource: { fields: { attributes: list(1, 'KeyValue'), droppedAttributesCount: field(2, 'uint32') } },
    Scope: {
      fields: {
        name: field(1, 'string'),
        version: field(2, 'string'),
        attributes: list(3, 'KeyValue'),
        droppedAttributesCount: field(4, 'uint32'),
      },
    },
    Span: {
      fields: {
        traceId: field(1, 'bytes'),
        spanId: field(2, 'bytes'),
        traceState: field(3, 'string'),
        parentSpanId: field(4, 'bytes'),
        flags: field(16, 'fixed32'),
        name: field(5, 'string'),
        kind: field(6, 'int32'),
        startTimeUnixNano: field(7, 'fixed64'),
        endTimeUnixNano: field(8, 'fixed64'),
        attributes: list(9, 'KeyValue'),
        droppedAttributesCount: field(10, 'uint32'),
        events: list(11, 'Event'),
        droppedEventsCount: field(12, 'uint32'),
        links: list(13, 'Link'),
        droppedLinksCount: field(14, 'uint32'),
        status: field(15, 'Status'),
      },
    },
    Event: {
      fields: {
        timeUnixNano: field(1, 'fixed64'),
        name: field(2, 'string'),
        attributes: list(3, 'KeyValue'),
        droppedAttributesCount: field(4, 'uint32'),
      },
    },
    Link: { fields: { traceId: field(1, 'bytes'), spanId: field(2, 'bytes'), attributes: list(4, 'KeyValue') } },
    Status: { fields: { message: field(2, 'string'), code: field(3, 'int32') } },
    LogsRequest: { fields: { resourceLogs: list(1, 'ResourceLogs') } },
    ResourceLogs: {
      fields: { resource: field(1, 'Resource'), scopeLogs: list(2, 'ScopeLogs'), schemaUrl: field(3, 'string') },
    },
    ScopeLogs: {
      fields: { scope: field(1, 'Scope'), logRecords: list(2, 'LogRecord'), schemaUrl: field(3, 'string') },
    },
    LogRecord: {
      fields: {
        timeUnixNano: field(1, 'fixed64'),
        observedTimeUnixNano: field(11, 'fixed64'),
        severityNumber: field(2, 'int32'),
        severityText: field(3, 'string'),
        body: field(5, 'AnyValue'),
        attributes: list(6, 'KeyValue'),
        droppedAttributesCount: field(7, 'uint32'),
        flags: field(8, 'fixed32'),
        traceId: field(9, 'bytes'),
        spanId: field(10, 'bytes'),
        eventName: field(12, 'string'),
      },
    },
    KeyValue: { fields: { key: field(1, 'string'), value: field(2, 'AnyValue') } },
    AnyValue: {
      oneofs: {
        value: {
          oneof: ['stringValue', 'boolValue', 'intValue', 'doubleValue', 'arrayValue', 'kvlistValue', 'bytesValue'],
        },
      },
      fields: {
        stringValue: field(1, 'string'),
        boolValue: field(2, 'bool'),
        intValue: field(3, 'int64'),
        doubleValue: field(4, 'double'),
        arrayValue: field(5, 'ArrayValue'),
        kvlistValue: field(6, 'KeyValueList'),
        bytesValue: field(7, 'bytes'),
      },
    },
    ArrayValue: { fields: { values: list(1, 'AnyValue') } },
    KeyValueList: { fields: { values: list(1, 'KeyValue') } },
    PartialSuccess: { fields: { rejected: field(1, 'int64'), errorMessage: field(2, 'string') } },
    Response: { fields: { partialSuccess: field(1, 'PartialSuccess') } },
    RpcStatus: { fields: { code: field(1, 'int32'), message: field(2, 'string') } },
  },
})

const REQUESTS = { traces: root.lookupType('TraceRequest'), logs: root.lookupType('LogsRequest') }

/** An export in OTLP's JSON form, ids as hex. */
export type Export = Readonly<Record<string, unknown>>

/** The same export as protobuf. */
export const toProtobuf = (signal: Signal, json: Export): Uint8Array => {
  const type = REQUESTS[signal]
  return type.encode(type.fromObject(withIdBytes(json) as Export)).finish()
}

/** What protobufjs makes of it, as plain objects. */
export const readByProtobufjs = (signal: Signal, bytes: Uint8Array): Export => {
  const type = REQUESTS[signal]
  return type.toObject(type.decode(bytes), { longs: String, bytes: String })
}

export const readAnswer = (name: 'Response' | 'RpcStatus', bytes: Uint8Array): Export =>
  root.lookupType(name).toObject(root.lookupType(name).decode(bytes), { longs: Number })

const IDS = ['traceId', 'spanId', 'parentSpanId']

function withIdBytes(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withIdBytes)
  if (typeof json !== 'object' || json === null || json instanceof Uint8Array) return json
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [
      name,
      IDS.includes(name) ? Buffer.from(String(value), 'hex') : withIdBytes(value),
    ]),
  )
}
