/** Times of rows as a host's own ORM reads them: the session of a server has the time zone that the server is set to. */
import { expect, test } from '@jest/globals'
import { Timestamp } from '../../src/store/entities/timestamp.ts'

test.each([
  ['2026-11-21 10:05:00+00', '2026-11-21T10:05:00.000000Z'],
  ['2026-11-21 10:05:00.12+00', '2026-11-21T10:05:00.120000Z'],
  ['2026-11-22 17:00:36.940001-03:30', '2026-11-22T20:30:36.940001Z'],
  ['2026-11-22 17:30:45.4-03', '2026-11-22T20:30:45.400000Z'],
  ['2026-01-01 05:44:59.999999+05:45', '2025-12-31T23:59:59.999999Z'],
  ['2026-11-21T10:05:00.123456Z', '2026-11-21T10:05:00.123456Z'],
  ['1969-12-31 23:59:59.999999+00', '1969-12-31T23:59:59.999999Z'],
  ['infinity', 'infinity'],
])('%s is %s', (written, read) => {
  expect(new Timestamp().convertToJSValue(written)).toBe(read)
})
