import { expect, test } from '@jest/globals'
import { runShort } from './run-short.ts'

test('whatever the disk refuses, what was acknowledged is there once, and the rest is counted', async () => {
  const { code, report } = await runShort('disk')
  expect(report).toMatchObject({ lost: 0, doubled: 0, unaccounted: 0, offered: report.kept + report.shed })
  expect(report.shed).toBeGreaterThan(0)
  expect(code).toBe(0)
})

test('a writer that takes everything for kept does not pass', async () => {
  const { code, report } = await runShort('disk', '--count', '2', '--control')
  expect(report.lost).toBeGreaterThan(0)
  expect(code).toBe(1)
})
