import { expect, test } from '@jest/globals'
import { toDayOf } from '../../src/event/zone.ts'

const HOUR_MS = 3_600_000
const toText = (date: string, tz: string): string => {
  const { start, end } = toDayOf(date, tz)
  return `${new Date(start).toISOString()} ${(end - start) / HOUR_MS} h`
}

test.each([
  ['2026-11-21', 'UTC', '2026-11-21T00:00:00.000Z 24 h'],
  ['2026-11-21', 'Asia/Kolkata', '2026-11-20T18:30:00.000Z 24 h'],
  ['2026-11-21', '+05:30', '2026-11-20T18:30:00.000Z 24 h'],
  ['2026-11-21', 'Pacific/Kiritimati', '2026-11-20T10:00:00.000Z 24 h'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z 23 h'],
  ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z 25 h'],
  // Clocks went from midnight to one o'clock.
  ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z 23 h'],
  // Samoa left this day out.
  ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z 0 h'],
])('%s in %s', (date, tz, expected) => {
  expect(toText(date, tz)).toBe(expected)
})

test('a zone that is none is refused', () => {
  expect(() => toDayOf('2026-11-21', 'Moon/Crater')).toThrow(RangeError)
})
