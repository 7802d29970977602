import { expect, test } from '@jest/globals'
import { startChild } from '../kit/child.ts'

test('what a page loads is under 2,000 bytes when minified, and imports nothing', async () => {
  // In a process of its own: the bundler's native code is not for Jest's VM.
  const child = startChild('test/browser/minified.ts')
  expect(await child.exit).toEqual({ code: 0, signal: null })
  const code = child.stdout()
  expect(Buffer.byteLength(code)).toBeLessThan(2_000)
  expect(code).toContain('startDaybook')
  expect(code).not.toMatch(/\bimport\b|\brequire\b/)
})
