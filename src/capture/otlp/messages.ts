/** OTLP's messages as tables, each field with its number, which both encodings are read by. */
import type { AttributeValue } from '../otel/span.ts'
import {
  type Budget,
  isNothing,
  toArray,
  toEnum,
  toMembers,
  toMicros,
  toObject,
  toText,
  toValue,
} from './json-values.ts'
import { type Members, readMember, readValue, skipUnknown } from './values.ts'
import {
  BYTES,
  type Cursor,
  enter,
  FIXED64,
  readEncoded,
  readMicros,
  readTag,
  readText,
  readUint,
  VARINT,
  type Wire,
} from './wire.ts'

/** How a field is read. `before` is what the message has of it already. */
interface Kind<T> {
  readonly wire: Wire
  readonly read: (cursor: Cursor, before: T) => T
  readonly parse: (json: unknown, budget: Budget, before: T) => T
}

interface Field {
  readonly name: string
  readonly tag: number
  readonly kind: Kind<unknown>
}

/** `create` makes it with the defaults of its fields. Fields that we have no use for are left out, and are skipped. */
export interface Message<T> {
  readonly create: () => T
  readonly fields: readonly Field[]
  readonly byNumber: readonly (Field | undefined)[]
}

function message<T extends object>(
  create: () => T,
  kinds: { readonly [Name in keyof T]: readonly [number: number, kind: Kind<T[Name]>] },
): Message<T> {
  const entries = Object.entries(kinds as unknown as Record<string, readonly [number, Kind<unknown>]>)
  const fields = entries.map(([name, [number, kind]]) => ({ name, tag: number * 8 + kind.wire, kind }))
  const byNumber: (Field | undefined)[] = []
  for (const field of fields) byNumber[field.tag >>> 3] = field
  return { create, fields, byNumber }
}

/** Reads up to the end of the cursor. */
export function readMessage<T>(cursor: Cursor, { create, byNumber }: Message<T>, into = create()): T {
  const fields = into as Record<string, unknown>
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor)
    const field = byNumber[tag >>> 3]
    if (field?.tag === tag) fields[field.name] = field.kind.read(cursor, fields[field.name])
    else skipUnknown(cursor, tag, field ? tag >>> 3 : 0)
  }
  return into
}

export function parseMessage<T>(json: unknown, budget: Budget, { create, fields }: Message<T>, into = create()): T {
  const given = toObject(json, budget)
  const values = into as Record<string, unknown>
  for (const { name, kind } of fields)
    if (!isNothing(given[name])) values[name] = kind.parse(given[name], budget, values[name])
  return into
}

const TEXT: Kind<string> = { wire: BYTES, read: readText, parse: toText }
/** Hex digits, in lower case. */
const ID: Kind<string> = {
  wire: BYTES,
  read: (cursor) => readEncoded(cursor, 'hex'),
  parse: (json) => toText(json).toLowerCase(),
}
const ENUM: Kind<number> = { wire: VARINT, read: readUint, parse: toEnum }
const MICROS: Kind<number> = { wire: FIXED64, read: readMicros, parse: toMicros }
const VALUE: Kind<AttributeValue> = {
  wire: BYTES,
  read: (cursor) => readValue(cursor),
  parse: (json, budget) => toValue(json, budget),
}
const ATTRIBUTES: Kind<Members> = {
  wire: BYTES,
  read: (cursor, before) => {
    readMember(cursor, before)
    return before
  },
  parse: toMembers,
}

const one = <T>(of: Message<T>): Kind<T> => ({
  wire: BYTES,
  read: (cursor, before) => readInner(cursor, of, before),
  parse: (json, budget, before) => parseMessage(json, budget, of, before),
})

const many = <T>(of: Message<T>): Kind<T[]> => ({
  wire: BYTES,
  read: (cursor, before) => {
    before.push(readInner(cursor, of))
    return before
  },
  parse: (json, budget) => toArray(json).map((item) => parseMessage(item, budget, of)),
})

function readInner<T>(cursor: Cursor, of: Message<T>, into?: T): T {
  const outer = enter(cursor)
  const made = readMessage(cursor, of, into)
  cursor.end = outer
  return made
}

const RESOURCE = message(() => ({ attributes: {} as Members }), { attributes: [1, ATTRIBUTES] })
const SCOPE = message(() => ({ name: '', version: '' }), { name: [1, TEXT], version: [2, TEXT] })
const STATUS = message(() => ({ message: '', code: 0 }), { message: [2, TEXT], code: [3, ENUM] })

const EVENT = message(() => ({ timeUnixNano: 0, name: '', attributes: {} as Members }), {
  timeUnixNano: [1, MICROS],
  name: [2, TEXT],
  attributes: [3, ATTRIBUTES],
})

const toRawSpan = () => ({
  traceId: '',
  spanId: '',
  parentSpanId: '',
  name: '',
  kind: 0,
  startTimeUnixNano: 0,
  endTimeUnixNano: 0,
  attributes: {} as Members,
  events: [] as ReturnType<typeof EVENT.create>[],
  status: STATUS.create(),
})
/** Times are microseconds already, whatever their fields are called. */
export type RawSpan = ReturnType<typeof toRawSpan>

const SPAN = message(toRawSpan, {
  traceId: [1, ID],
  spanId: [2, ID],
  parentSpanId: [4, ID],
  name: [5, TEXT],
  kind: [6, ENUM],
  startTimeUnixNano: [7, MICROS],
  endTimeUnixNano: [8, MICROS],
  attributes: [9, ATTRIBUTES],
  events: [11, many(EVENT)],
  status: [15, one(STATUS)],
})

const toRawRecord = () => ({
  timeUnixNano: 0,
  severityNumber: 0,
  severityText: '',
  body: null as AttributeValue,
  attributes: {} as Members,
  traceId: '',
  spanId: '',
  observedTimeUnixNano: 0,
  eventName: '',
})
export type RawRecord = ReturnType<typeof toRawRecord>

const RECORD = message(toRawRecord, {
  timeUnixNano: [1, MICROS],
  severityNumber: [2, ENUM],
  severityText: [3, TEXT],
  body: [5, VALUE],
  attributes: [6, ATTRIBUTES],
  traceId: [9, ID],
  spanId: [10, ID],
  observedTimeUnixNano: [11, MICROS],
  eventName: [12, TEXT],
})

const SCOPE_SPANS = message(() => ({ scope: SCOPE.create(), spans: [] as RawSpan[] }), {
  scope: [1, one(SCOPE)],
  spans: [2, many(SPAN)],
})
const RESOURCE_SPANS = message(
  () => ({ resource: RESOURCE.create(), scopeSpans: [] as ReturnType<typeof SCOPE_SPANS.create>[] }),
  { resource: [1, one(RESOURCE)], scopeSpans: [2, many(SCOPE_SPANS)] },
)
export const TRACES = message(() => ({ resourceSpans: [] as ReturnType<typeof RESOURCE_SPANS.create>[] }), {
  resourceSpans: [1, many(RESOURCE_SPANS)],
})

const SCOPE_LOGS = message(() => ({ scope: SCOPE.create(), logRecords: [] as RawRecord[] }), {
  scope: [1, one(SCOPE)],
  logRecords: [2, many(RECORD)],
})
const RESOURCE_LOGS = message(
  () => ({ resource: RESOURCE.create(), scopeLogs: [] as ReturnType<typeof SCOPE_LOGS.create>[] }),
  { resource: [1, one(RESOURCE)], scopeLogs: [2, many(SCOPE_LOGS)] },
)
export const LOGS = message(() => ({ resourceLogs: [] as ReturnType<typeof RESOURCE_LOGS.create>[] }), {
  resourceLogs: [1, many(RESOURCE_LOGS)],
})
