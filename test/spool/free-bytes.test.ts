/** What is left on the disk, as the system itself says. */
import { execFileSync } from 'node:child_process'
import { expect, test } from '@jest/globals'
import { freeBytes } from '../../src/spool/free-bytes.ts'
import { createTestFolder } from '../kit/folder.ts'

test('the bytes that are left are those that df tells', () => {
  const dir = createTestFolder()
  const [, row = ''] = execFileSync('df', ['-Pk', dir], { encoding: 'utf8' }).trim().split('\n')
  const told = Number(row.split(/\s+/)[3]) * 1024
  // Other processes write meanwhile.
  expect(freeBytes(dir) / told).toBeCloseTo(1, 1)
})

test('where nobody can say there is no end of them', () => {
  expect(freeBytes('/there/is/no/such/folder')).toBe(Number.POSITIVE_INFINITY)
})
