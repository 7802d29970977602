import { expect, test } from '@jest/globals'
import { createTelemetry } from '../../../src/capture/otel/telemetry.ts'
import { createOtlpIntake } from '../../../src/capture/otlp/intake.ts'
import type { OtlpExport } from '../../../src/event/ports/otlp.ts'
import { type Export, toProtobuf } from '../../kit/otlp-messages.ts'
import { createRecorder } from '../recorder.ts'

const [ONE, TWO] = ['1'.repeat(32), '2'.repeat(32)] as const
const NOW = String(BigInt(Date.now()) * 1_000_000n)

const span = (traceId: string, spanId: string, more: Export = {}): Export => ({
  traceId,
  spanId: spanId.repeat(16),
  name: spanId,
  startTimeUnixNano: NOW,
  endTimeUnixNano: NOW,
  ...more,
})
const delivery = (traceId: string, spanId: string, path: string, more: Export = {}): Export => {
  const attributes = Object.entries({ 'http.request.method': 'POST', 'url.path': path })
  return span(traceId, spanId, {
    kind: 2,
    attributes: attributes.map(([key, stringValue]) => ({ key, value: { stringValue } })),
    ...more,
  })
}

function open() {
  const recorder = createRecorder()
  const intake = createOtlpIntake(createTelemetry(recorder))
  const take = (signal: OtlpExport['signal'], records: Export[], more: Partial<OtlpExport> = {}) => {
    const of =
      signal === 'traces'
        ? { resourceSpans: [{ scopeSpans: [{ spans: records }] }] }
        : { resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] }
    return intake.take(toProtobuf(signal, of), { signal, encoding: 'protobuf', tenant_id: 'acme', ...more })
  }
  return { recorder, take, told: () => recorder.events.map(({ action_description }) => action_description) }
}

test('nothing is told of the trace of a request that brings an export, whenever it comes', () => {
  const { take, told } = open()
  take('traces', [span(ONE, 'a')], { trace_id: ONE })
  take('traces', [span(ONE, 'b'), span(TWO, 'c')])
  take('logs', [
    { timeUnixNano: NOW, traceId: ONE, body: { stringValue: 'an access log' } },
    { timeUnixNano: NOW, body: { stringValue: 'another' } },
  ])
  expect(told()).toEqual(['c', 'another'])
})

test('nor of a delivery to another process, with what is below it', () => {
  const { take, told } = open()
  take('traces', [
    span(ONE, 'a', { parentSpanId: 'b'.repeat(16) }),
    delivery(ONE, 'b', '/daybook/v1/traces'),
    span(TWO, 'c'),
    // Amid a story that began elsewhere.
    delivery(TWO, 'd', '/v1/logs', { parentSpanId: 'c'.repeat(16) }),
    delivery(TWO, 'e', '/v1/tracesque'),
    delivery(TWO, 'f', '/v1/traces', { kind: 3 }),
  ])
  expect(told()).toEqual(['c', 'POST /v1/tracesque', 'f'])
})

test('what is rejected, or not told, is not what found no room', () => {
  const { take } = open()
  expect(take('traces', [span('', 'a'), delivery(ONE, 'b', '/v1/traces'), span(TWO, 'c')])).toEqual({
    rejected: 1,
    reason: 'A span has no trace id of 16 bytes.',
    shed: 0,
  })
})

test('the same export gives the same ids, and two records that are alike stay two', () => {
  const { take, recorder } = open()
  const exception = { attributes: [{ key: 'exception.type', value: { stringValue: 'TypeError' } }] }
  const event = { name: 'exception', timeUnixNano: NOW, ...exception }
  const record = { timeUnixNano: NOW, body: { stringValue: 'alike' } }
  for (let time = 0; time < 2; time++) {
    take('traces', [span(ONE, 'a', { events: [event, event] })])
    take('logs', [record, record, { timeUnixNano: NOW, ...exception }])
  }
  take('logs', [record])
  const idsOf = (rows: readonly { id: string }[]) => new Set(rows.map(({ id }) => id))
  expect(idsOf(recorder.events).size).toBe(1 + 2 + 1)
  // Of the span's two, which are one, and of the record.
  expect(idsOf(recorder.errors).size).toBe(1 + 1)
})

test('what is told by name is told of each record and event, though they are of one span and time, and once when it comes again', () => {
  const { take, recorder } = open()
  const named = (eventName: string) => ({ timeUnixNano: NOW, traceId: ONE, spanId: 'a'.repeat(16), eventName })
  const [score, asked] = [named('gen_ai.evaluation.result'), named('agent.approval.requested')]
  const session = { timeUnixNano: NOW, eventName: 'session.start' }
  const event = { name: 'agent.approval.requested', timeUnixNano: NOW }
  for (let time = 0; time < 2; time++) {
    take('logs', [score, score, asked, asked, session, session])
    take('traces', [span(ONE, 'a', { events: [event, event] })])
  }
  const ids = recorder.events.flatMap(({ event_type, id }) => (event_type === 'SPAN' ? [] : [`${event_type} ${id}`]))
  expect([...new Set(ids)].map((told) => told.split(' ')[0]).toSorted()).toEqual([
    ...Array.from({ length: 4 }, () => 'APPROVAL_REQUIRED'),
    ...Array.from({ length: 2 }, () => 'SCORE_RECORDED'),
    ...Array.from({ length: 2 }, () => 'SESSION_STARTED'),
  ])
})

test('tenant and user are the sender’s', () => {
  const { take, recorder } = open()
  const claims = ['user.id', 'tenant_id'].map((key) => ({ key, value: { stringValue: 'mallory' } }))
  const thrown = { key: 'exception.type', value: { stringValue: 'TypeError' } }
  const events = [{ name: 'exception', timeUnixNano: NOW, attributes: [thrown, ...claims] }]
  take('traces', [span(ONE, 'a', { attributes: claims, events })], { user_id: 'alice' })
  take('logs', [{ timeUnixNano: NOW, attributes: claims, body: { stringValue: 'hi' } }], { user_id: 'alice' })
  const rows = [...recorder.events, ...recorder.errors]
  expect(rows).toHaveLength(3)
  for (const row of rows) expect(row).toMatchObject({ tenant_id: 'acme', user_id: 'alice' })
})
