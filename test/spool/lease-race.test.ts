import * as fs from 'node:fs'
import { expect, jest, test } from '@jest/globals'
import { createTestFolder } from '../kit/folder.ts'

/** Runs once, between a contender's look at the folder and its attempt. */
let meanwhile: (() => void) | undefined
jest.unstable_mockModule('node:fs', () => ({
  ...fs,
  linkSync: (from: string, to: string) => {
    const others = meanwhile
    meanwhile = undefined
    others?.()
    fs.linkSync(from, to)
  },
}))
const { isLease, takeLease } = await import('../../src/spool/lease.ts')

test('a contender that was overtaken twice between its look and its attempt does not hold the folder beside another', () => {
  const dir = createTestFolder()
  meanwhile = () => {
    const first = takeLease(dir, 'first')
    if (isLease(first)) first.release()
    expect(isLease(takeLease(dir, 'second'))).toBe(true)
  }
  const taken = takeLease(dir, 'slow')
  expect(isLease(taken) ? 'a second lease' : taken.instance).toBe('second')
})
