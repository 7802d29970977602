import { describe, expect, test } from '@jest/globals'
import { createClock, toDay, toIso, toMicros } from '../../src/event/time.ts'
import { createRandom } from '../refine/random.ts'

describe('ISO text and microseconds', () => {
  test.each([
    [0, '1970-01-01T00:00:00.000000Z'],
    [1, '1970-01-01T00:00:00.000001Z'],
    [999_999, '1970-01-01T00:00:00.999999Z'],
    [1_795_255_500_123_456, '2026-11-21T10:05:00.123456Z'],
    [-1, '1969-12-31T23:59:59.999999Z'],
    [-1_000_001, '1969-12-31T23:59:58.999999Z'],
    [951_782_400_000_000, '2000-02-29T00:00:00.000000Z'],
    [Number.MAX_SAFE_INTEGER, '2255-06-05T23:47:34.740991Z'],
  ])('%d is %s', (micros, iso) => {
    expect(toIso(micros)).toBe(iso)
    expect(toMicros(iso)).toBe(micros)
  })

  test('go back and forth for any microsecond, in any order', () => {
    const random = createRandom(1)
    for (let i = 0; i < 20_000; i++) {
      const micros = random(4_000_000_000) * 1_000_000 + random(1_000_000)
      expect(toMicros(toIso(micros))).toBe(micros)
      expect(toIso(micros).slice(0, 23)).toBe(new Date(Math.floor(micros / 1000)).toISOString().slice(0, 23))
    }
  })

  test('beyond the year 275760 there is none', () => {
    expect(() => toIso(8.64e18 + 1e6)).toThrow(RangeError)
  })

  test.each([
    ['2026-11-21T10:05:00Z', '2026-11-21T10:05:00.000000Z'],
    ['2026-11-21T10:05Z', '2026-11-21T10:05:00.000000Z'],
    ['2026-11-21T10:05:00.1Z', '2026-11-21T10:05:00.100000Z'],
    ['2026-11-21T10:05:00.123456789Z', '2026-11-21T10:05:00.123456Z'],
    ['2026-11-21T10:05:00.000001+00:00', '2026-11-21T10:05:00.000001Z'],
    ['2026-11-21T10:05:00.5-08:00', '2026-11-21T18:05:00.500000Z'],
    ['2026-11-21T10:05:00+0530', '2026-11-21T04:35:00.000000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000000Z'],
  ])('%s is read as %s', (text, iso) => {
    expect(toIso(toMicros(text) ?? Number.NaN)).toBe(iso)
  })

  test.each([
    '',
    '2026-11-21',
    '2026-11-21T10:05:00',
    '2026-11-21 10:05:00Z',
    '2026-13-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-04-31T00:00:00+02:00',
    '2026-00-10T00:00:00Z',
    '2026-11-00T00:00:00Z',
    '2026-11-21T25:00:00Z',
    '2026-11-21T10:60:00Z',
    '2026-11-21T10:05:61Z',
    '2026-11-21T10:05:00+25:00',
    '2026-11-21T10:05:00.Z',
    '2026-11-21T10:05:00.1234567890Z',
    '2026-11-21T10:05:00Z ',
    '+002026-11-21T10:05:00Z',
    'now',
    'infinity',
  ])('%j is no time', (text) => {
    expect(toMicros(text)).toBeUndefined()
  })

  test('numbers are milliseconds, to the nearest microsecond', () => {
    expect(toMicros(1_795_255_500_123)).toBe(1_795_255_500_123_000)
    for (let micros = 0; micros < 1000; micros++)
      expect(toMicros(1_795_255_500_123 + micros / 1000)).toBe(1_795_255_500_123_000 + micros)
  })

  test.each([[Number.NaN], [Infinity], [null], [undefined], [{}], [1n], [new Date(Number.NaN)], [true]])(
    '%p is no time',
    (time) => {
      expect(toMicros(time)).toBeUndefined()
    },
  )

  test('the day is that of UTC', () => {
    expect(toDay('2026-11-21T23:59:59.999999Z')).toBe('2026-11-21')
  })
})

describe('the clock', () => {
  const readings = (ms: readonly number[], toleratedBackMs?: number): number[] => {
    let i = 0
    const clock = createClock(() => ms[i++] ?? 0, toleratedBackMs)
    return ms.map(() => clock())
  }

  test('never gives the same time twice', () => {
    const frozen = createClock(() => 5)
    const times = Array.from({ length: 10_000 }, () => frozen())
    expect(new Set(times).size).toBe(10_000)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  test('goes on through small steps back', () => {
    expect(readings([1000, 999, 500, 1000, 1001])).toEqual([1_000_000, 1_000_001, 1_000_002, 1_000_003, 1_001_000])
  })

  test('follows a big step back, once, and goes on from there', () => {
    expect(readings([10_000, 9_000.5, 8_000, 8_000, 8_001])).toEqual([
      10_000_000, 10_000_001, 8_000_000, 8_000_001, 8_001_000,
    ])
  })

  test('follows steps ahead', () => {
    expect(readings([1, 1_000_000, 2])).toEqual([1_000, 1_000_000_000, 2_000])
  })

  test('gives whole microseconds from a source with fractions', () => {
    expect(readings([0.1234567, 1.9999999])).toEqual([123, 1_999])
  })
})
