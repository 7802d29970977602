import { describe, expect, test } from '@jest/globals'
import { idToMs, isUuid, toEventId } from '../../src/event/id.ts'
import { createClock, toIso, toMicros } from '../../src/event/time.ts'
import { normaliseTraceId, parseTraceparent } from '../../src/event/trace.ts'

const MS = Date.UTC(2026, 10, 21, 10, 5, 0, 123)

describe('time', () => {
  test.each([
    ['2026-11-21T10:05:00.123456Z', MS * 1000 + 456],
    ['2026-11-21T10:05:00.123456789Z', MS * 1000 + 456],
    ['2026-11-21T10:05:00.123Z', MS * 1000],
    ['2026-11-21T11:05:00.123+01:00', MS * 1000],
    ['2026-11-21T10:05Z', Date.UTC(2026, 10, 21, 10, 5) * 1000],
    [new Date(MS), MS * 1000],
    [MS, MS * 1000],
  ])('%s is read to the microsecond', (time, micros) => {
    expect(toMicros(time)).toBe(micros)
  })

  test.each([
    '2026-11-21',
    '2026-11-21T10:05:00',
    'yesterday',
    '2026-13-21T10:05:00Z',
    Number.NaN,
    new Date('x'),
    {},
    null,
  ])('%p is no time', (time) => {
    expect(toMicros(time)).toBeUndefined()
  })

  test('microseconds survive being written and read', () => {
    for (const rest of [0, 1, 9, 456, 999]) expect(toMicros(toIso(MS * 1000 + rest))).toBe(MS * 1000 + rest)
  })

  test('a clock gives no time twice, does not run back with a small correction, and follows a large one', () => {
    let now = MS
    const clock = createClock(() => now)
    const [one, two] = [clock(), clock()]
    expect([one, two]).toEqual([MS * 1000, MS * 1000 + 1])
    now -= 500
    expect(clock()).toBe(two + 1)
    now -= 3_600_000
    expect(clock()).toBe(now * 1000)
    now += 5 * 365 * 86_400_000
    expect(clock()).toBe(now * 1000)
  })
})

describe('ids', () => {
  test('an id is a UUID v7 that tells its millisecond', () => {
    const ids = Array.from({ length: 2_000 }, () => toEventId(MS * 1000 + 7))
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(idToMs(id)).toBe(MS)
    }
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('one key at one time gives one id, another key or time another', () => {
    const id = toEventId(MS * 1000, 'key')
    expect(toEventId(MS * 1000, 'key')).toBe(id)
    expect(toEventId(MS * 1000, 'other')).not.toBe(id)
    expect(toEventId(MS * 1000 + 1000, 'key')).not.toBe(id)
  })

  test('only a UUID v7 tells a time', () => {
    expect(idToMs('4bf92f35-77b3-4da6-a3ce-929d0e0e4736')).toBeUndefined()
    expect(idToMs('x')).toBeUndefined()
    expect(isUuid('4BF92F35-77B3-4DA6-A3CE-929D0E0E4736')).toBe(true)
  })
})

describe('trace', () => {
  const [TRACE, SPAN] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']
  test.each([
    `00-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-00`,
    `cc-${TRACE}-${SPAN}-01-what-comes`,
    ` 00-${TRACE}-${SPAN}-01 `,
  ])('"%s" is taken', (header) => {
    expect(parseTraceparent(header)).toEqual({ trace_id: TRACE, span_id: SPAN })
  })

  test.each([
    undefined,
    '',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-extra`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE.slice(1)}-${SPAN}-01`,
  ])('"%s" is not', (header) => {
    expect(parseTraceparent(header)).toBeUndefined()
  })

  test('a trace id is found in either form', () => {
    expect(normaliseTraceId('4BF92F35-77B3-4DA6-A3CE-929D0E0E4736')).toBe(TRACE)
    expect(normaliseTraceId(TRACE)).toBe(TRACE)
    for (const none of ['0'.repeat(32), 'x', 7, undefined]) expect(normaliseTraceId(none)).toBeUndefined()
  })
})
