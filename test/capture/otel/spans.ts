/** Spans and log records by hand, and a telemetry that keeps what it is told. */

import type { LogRecord, Span } from '../../../src/capture/otel/span.ts'
import { createTelemetry, type TelemetryOptions } from '../../../src/capture/otel/telemetry.ts'
import type { Event } from '../../../src/event/event.ts'
import { createRecorder } from '../recorder.ts'

/** A minute ago: older events get the time of the clock. */
const START = (Date.now() - 60_000) * 1000
const hex = (text: string, digits: number): string =>
  Buffer.from(text).toString('hex').padEnd(digits, '0').slice(0, digits)

export const TRACE = hex('trace', 32)
/** The id of a span by the name that a test calls it. */
export const idOf = (name: string): string => hex(name, 16)
export const traceOf = (name: string): string => hex(name, 32)

type Loose = Partial<Omit<Span, 'span_id' | 'parent_span_id'>> & {
  id?: string
  parent?: string
  at?: number
  ms?: number
}

/** `at` and `ms`: milliseconds at which it starts and for which it lasts. */
export function span({ id = 'a', parent, at = 0, ms = 10, ...rest }: Loose): Span {
  const startMicros = START + at * 1000
  return {
    ...{ trace_id: TRACE, span_id: idOf(id), parent_span_id: parent && idOf(parent), name: id, kind: 'internal' },
    ...{ startMicros, endMicros: startMicros + ms * 1000, status: 'unset', status_message: '', attributes: {} },
    ...{ events: [], resource: { 'service.name': 'shop' }, scope: { name: 'test', version: '1' } },
    ...rest,
  }
}

export const running = (given: Loose): Span => ({ ...span(given), endMicros: undefined })

export const thrown = (message: string, type?: string): Span['events'][number] => ({
  ...{ name: 'exception', micros: START + 5_000 },
  attributes: { 'exception.message': message, ...(type && { 'exception.type': type }) },
})

export function record({ id, at = 0, ...rest }: Partial<LogRecord> & { id?: string; at?: number }): LogRecord {
  return {
    ...{ micros: START + at * 1000, severity_number: 9, severity_text: '', event_name: '', body: undefined },
    ...{ attributes: {}, trace_id: TRACE, span_id: id && idOf(id), resource: {}, scope: { name: '', version: '' } },
    ...rest,
  }
}

export function listen(options?: TelemetryOptions) {
  const recorder = createRecorder()
  const telemetry = createTelemetry(recorder, options)
  /** In the order of time, as anybody reads them; without what only holds the tree together. */
  const story = (): Event[] =>
    recorder.events
      .filter(({ event_type }) => event_type !== 'SPAN')
      .sort((a, b) => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0))
  return {
    ...{ recorder, telemetry, story },
    types: () => story().map(({ event_type }) => event_type),
    one: (type: string): Event => {
      const all = recorder.events.filter(({ event_type }) => event_type === type)
      if (all.length !== 1)
        throw new Error(`${all.length} events ${type} among ${recorder.events.map((e) => e.event_type)}`)
      return all[0] as Event
    },
  }
}

/** Of one span alone. */
export function tell(given: Loose, options?: TelemetryOptions) {
  const heard = listen(options)
  heard.telemetry.spans([span(given)])
  return heard
}
