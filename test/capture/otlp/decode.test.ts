import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { decodeLogs, decodeSpans } from '../../../src/capture/otlp/decode.ts'
import { Fault } from '../../../src/event/fault.ts'
import type { OtlpEncoding } from '../../../src/event/ports/otlp.ts'
import { toDeepExport } from '../../kit/otlp-deep.ts'
import { type Export, toProtobuf } from '../../kit/otlp-messages.ts'
import { createMaker, toLogs, toTraces } from './exports.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'
const ENCODINGS = ['protobuf', 'json'] as const satisfies readonly OtlpEncoding[]

const ofSpans = (...spans: Export[]): Export => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
const ofRecords = (...logRecords: Export[]): Export => ({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
const span = (more: Export = {}): Export => ({ traceId: TRACE, spanId: SPAN, ...more })
const attribute = (value: Export, key = 'a'): Export => ({ attributes: [{ key, value }] })

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
const spansOf = (of: Export, encoding: OtlpEncoding) =>
  decodeSpans(encoding === 'json' ? json(of) : toProtobuf('traces', of), encoding)
const logsOf = (of: Export, encoding: OtlpEncoding) =>
  decodeLogs(encoding === 'json' ? json(of) : toProtobuf('logs', of), encoding)
const attributeOf = (value: Export, encoding: OtlpEncoding) =>
  spansOf(ofSpans(span(attribute(value))), encoding).good[0]?.attributes.a

const SEED_OF_A_SMALL_BATCH = 2

/** Field 1 of every message on the way: an export of one span whose bytes are these. */
const wrap = (...bytes: number[]): Buffer => {
  const nest = (tag: number, inner: Buffer) => Buffer.concat([Buffer.from([tag, inner.length]), inner])
  return nest(0x0a, nest(0x12, nest(0x12, Buffer.from(bytes))))
}
const refusal = (bytes: Uint8Array, encoding: OtlpEncoding = 'protobuf'): unknown => {
  try {
    return decodeSpans(bytes, encoding)
  } catch (error) {
    return error instanceof Fault ? error.code : error
  }
}

test('exports by chance are the same in both encodings', () => {
  const told = Array.from({ length: 500 }, (_, seed) => {
    const [traces, logs] = [toTraces(createMaker(seed)), toLogs(createMaker(seed))]
    const [spans, records] = [spansOf(traces, 'protobuf'), logsOf(logs, 'protobuf')]
    expect({ seed, isSame: isDeepStrictEqual(spans, spansOf(traces, 'json')) }).toEqual({ seed, isSame: true })
    expect({ seed, isSame: isDeepStrictEqual(records, logsOf(logs, 'json')) }).toEqual({ seed, isSame: true })
    return spans
  })
  const spans = told.flatMap(({ good }) => good)
  expect(spans.length).toBeGreaterThan(500)
  expect(told.some(({ rejected }) => rejected > 0)).toBe(true)
  expect(spans.some(({ attributes }) => Array.isArray(attributes.a))).toBe(true)
})

describe.each(ENCODINGS)('from %s', (encoding) => {
  test('a span has everything that a span has', () => {
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }
    const whole = span({
      parentSpanId: 'a3ce929d0e0e4736',
      name: 'GET /orders/:id',
      kind: 2,
      startTimeUnixNano: '1795255200123456789',
      endTimeUnixNano: '1795255200223456789',
      attributes: [{ key: 'http.response.status_code', value: { intValue: 200 } }],
      events: [{ name: 'exception', timeUnixNano: '1795255200200000999', attributes: [] }],
      status: { code: 2, message: 'no' },
    })
    const of = {
      resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'http', version: '1' }, spans: [whole] }] }],
    }
    expect(spansOf(of, encoding)).toStrictEqual({
      good: [
        {
          resource: { 'service.name': 'shop' },
          scope: { name: 'http', version: '1' },
          trace_id: TRACE,
          span_id: SPAN,
          parent_span_id: 'a3ce929d0e0e4736',
          name: 'GET /orders/:id',
          kind: 'server',
          startMicros: 1_795_255_200_123_456,
          endMicros: 1_795_255_200_223_456,
          status: 'error',
          status_message: 'no',
          attributes: { 'http.response.status_code': 200 },
          events: [{ name: 'exception', micros: 1_795_255_200_200_000, attributes: {} }],
        },
      ],
      rejected: 0,
      reason: undefined,
    })
  })

  test('a log record has its name, else that of its attribute, and its time, else when it was seen', () => {
    const named = { eventName: 'own', observedTimeUnixNano: '5000', body: { stringValue: 'hi' }, severityNumber: 9 }
    const { good } = logsOf(
      ofRecords(
        { ...named, ...attribute({ stringValue: 'other' }, 'event.name') },
        { timeUnixNano: '7000', ...attribute({ stringValue: 'session.start' }, 'event.name'), body: {} },
      ),
      encoding,
    )
    expect(good).toMatchObject([
      { event_name: 'own', micros: 5, body: 'hi', severity_number: 9, trace_id: undefined },
      { event_name: 'session.start', micros: 7, severity_number: 0 },
    ])
    expect(good[1]?.body).toBeUndefined()
  })

  test('values keep what they say: large integers as text, bytes as base64, nothing as null', () => {
    expect(attributeOf({ intValue: '9007199254740993' }, encoding)).toBe('9007199254740993')
    expect(attributeOf({ intValue: '-9223372036854775808' }, encoding)).toBe('-9223372036854775808')
    expect(attributeOf({ intValue: '-5' }, encoding)).toBe(-5)
    expect(attributeOf({ bytesValue: '//4=' }, encoding)).toBe('//4=')
    expect(attributeOf({}, encoding)).toBeNull()
    const list = { arrayValue: { values: [{ boolValue: true }, {}, { doubleValue: 'NaN' }] } }
    expect(attributeOf(list, encoding)).toEqual([true, null, Number.NaN])
  })

  test('of two attributes of one name the last stays, and no name reaches a prototype', () => {
    const attributes = [
      { key: 'a', value: { intValue: 1 } },
      { key: '__proto__', value: { kvlistValue: { values: [{ key: 'polluted', value: { boolValue: true } }] } } },
      { key: 'constructor', value: { stringValue: 'x' } },
      { key: 'a', value: { intValue: 2 } },
    ]
    const made = spansOf(ofSpans(span({ attributes })), encoding).good[0]?.attributes ?? {}
    expect(made.a).toBe(2)
    expect(Object.keys(made).sort()).toEqual(['__proto__', 'a', 'constructor'])
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype)
    expect({}).not.toHaveProperty('polluted')
  })

  test('a span whose ids are none is rejected alone, and a log record is then about no trace', () => {
    const bad = [{ traceId: '' }, { traceId: '0'.repeat(32) }, { spanId: SPAN.slice(2) }, { parentSpanId: 'ab' }]
    const found = spansOf(
      ofSpans(span(), ...bad.map((ids) => span(ids)), span({ spanId: 'A3CE929D0E0E4736' })),
      encoding,
    )
    expect(found).toMatchObject({ rejected: 4, reason: 'A span has no trace id of 16 bytes.' })
    expect(found.good.map(({ span_id }) => span_id)).toEqual([SPAN, 'a3ce929d0e0e4736'])
    expect(logsOf(ofRecords({ traceId: 'ab', spanId: SPAN }), encoding)).toMatchObject({
      good: [{ trace_id: undefined, span_id: SPAN }],
      rejected: 0,
    })
  })

  test('a span without an end still runs, and one without a start began when it ended', () => {
    const [running, startless] = spansOf(
      ofSpans(span({ startTimeUnixNano: '8000' }), span({ endTimeUnixNano: '9000' })),
      encoding,
    ).good
    expect(running).toMatchObject({ startMicros: 8, endMicros: undefined })
    expect(startless).toMatchObject({ startMicros: 9, endMicros: 9 })
  })

  test('a value is 40 levels deep at most', () => {
    expect(decodeSpans(toDeepExport(40, encoding), encoding).rejected).toBe(1)
    for (const levels of [41, 3_000])
      expect(() => decodeSpans(toDeepExport(levels, encoding), encoding)).toThrow('more than 40 levels')
  })

  test('more than 50,000 spans are refused', () => {
    const of = ofSpans(...Array.from({ length: 50_001 }, () => span()))
    expect(() => spansOf(of, encoding)).toThrow('more than 50000 records')
  })

  test('an empty body is an export of nothing', () => {
    expect(decodeSpans(Buffer.alloc(0), encoding)).toEqual({ good: [], rejected: 0, reason: undefined })
  })
})

describe('protobuf', () => {
  test('fields that nobody knows are skipped, whatever they hold', () => {
    const known = toProtobuf('traces', ofSpans(span()))
    const unknown = [0x98, 0x06, 0x01, 0x99, 0x06, ...Array(8).fill(1), 0x9a, 0x06, 2, 1, 1, 0x9d, 0x06, 1, 1, 1, 1]
    expect(decodeSpans(Buffer.concat([known, Buffer.from(unknown)]), 'protobuf').good).toHaveLength(1)
    expect(decodeSpans(wrap(...unknown), 'protobuf').rejected).toBe(1)
  })

  test.each([
    ['a group', [0x9b, 0x06, 0x9c, 0x06]],
    ['the end of a group', [0x9c, 0x06]],
    ['a kind of field that does not exist', [0x9f, 0x06, 0x00]],
    ['field number 0', [0x02, 0x00]],
    ['a name that is a number', [0x28, 0x01]],
    ['a time that is a text', [0x3a, 0x01, 0x41]],
    ['a varint of eleven bytes', [0x30, ...Array(10).fill(0xff), 0x01]],
    ['a varint of more than 64 bits', [0x30, ...Array(9).fill(0xff), 0x02]],
    ['a tag of more than 32 bits', [...Array(5).fill(0xff), 0x01, 0x00]],
    ['a length beyond the end', [0x2a, 0x05, 0x41]],
    ['a length of 2^63', [0x2a, ...Array(8).fill(0xff), 0x7f]],
    ['a message that reaches into the next', [0x4a, 0x03, 0x0a, 0x05, 0x41]],
  ])('%s is refused', (_name, bytes) => {
    expect(refusal(wrap(...bytes))).toBe('invalid_request')
  })

  test('an export that was cut anywhere is refused, or is one of fewer fields', () => {
    const whole = toProtobuf('traces', toTraces(createMaker(SEED_OF_A_SMALL_BATCH)))
    expect(whole.length).toBeGreaterThan(500)
    const verdicts = Array.from({ length: whole.length }, (_, bytes) => refusal(whole.subarray(0, bytes)))
    const isKnown = (verdict: unknown) => verdict === 'invalid_request' || Array.isArray(Object(verdict).good)
    expect(verdicts.filter((verdict) => !isKnown(verdict))).toEqual([])
    expect(verdicts.filter((verdict) => verdict === 'invalid_request').length).toBeGreaterThan(whole.length * 0.9)
  })

  test('bytes that are no UTF-8 are replaced', () => {
    const name = decodeSpans(
      wrap(0x0a, 16, ...Array(16).fill(1), 0x12, 8, ...Array(8).fill(1), 0x2a, 2, 0xff, 0x41),
      'protobuf',
    )
    expect(name.good[0]?.name).toBe('\ufffdA')
  })

  test('a few bytes that ask for millions of objects are refused', () => {
    expect(refusal(Buffer.alloc(3_100_000).map((_, at) => (at % 2 === 0 ? 0x0a : 0)))).toBe('invalid_request')
  })
})

describe('JSON', () => {
  test.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['a number', '7'],
    ['null', 'null'],
    ['spans that are no list', '{"resourceSpans":{"length":1}}'],
    ['a span that is a text', '{"resourceSpans":[{"scopeSpans":[{"spans":["x"]}]}]}'],
    ['a name that is a number', JSON.stringify(ofSpans(span({ name: 7 })))],
    ['a time that is a word', JSON.stringify(ofSpans(span({ startTimeUnixNano: 'now' })))],
    ['a time of 30 digits', JSON.stringify(ofSpans(span({ startTimeUnixNano: '9'.repeat(30) })))],
    ['a negative time', JSON.stringify(ofSpans(span({ startTimeUnixNano: -1 })))],
    ['an integer that is none', JSON.stringify(ofSpans(span(attribute({ intValue: 1.5 }))))],
    ['an integer beyond 64 bits', JSON.stringify(ofSpans(span(attribute({ intValue: '9223372036854775808' }))))],
    ['a boolean that is a text', JSON.stringify(ofSpans(span(attribute({ boolValue: 'true' }))))],
    ['millions of lists', `[${'['.repeat(1_600_000)}`],
  ])('%s is refused', (_name, text) => {
    expect(refusal(Buffer.from(text), 'json')).toBe('invalid_request')
  })

  test('numbers may be texts, texts may begin with a byte order mark, and unknown members are passed over', () => {
    const of = ofSpans(span({ kind: '3', startTimeUnixNano: 1795255200000000000, more: { x: [1] }, status: null }))
    const { good } = decodeSpans(Buffer.from(`\ufeff${JSON.stringify(of)}`), 'json')
    expect(good).toMatchObject([{ kind: 'client', startMicros: 1_795_255_200_000_000, status: 'unset' }])
  })
})
