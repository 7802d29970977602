import { expect, test } from '@jest/globals'
import { runShort } from './run-short.ts'

test('whichever of two to eight processes on one folder dies, what was answered is stored once', async () => {
  const { code, report } = await runShort('fleet')
  expect(report).toMatchObject({ lost: 0, doubled: 0 })
  expect(report.acknowledged).toBeGreaterThan(0)
  // It would have been noticed: with the protections off it was.
  expect(report.control.lost).toBeGreaterThan(0)
  expect(report.control.doubled).toBeGreaterThan(0)
  expect(code).toBe(0)
}, 360_000)
