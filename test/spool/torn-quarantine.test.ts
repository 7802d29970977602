import * as fs from 'node:fs'
import { join } from 'node:path'
import { expect, jest, test } from '@jest/globals'
import { createTestFolder } from '../kit/folder.ts'

/** A disk that takes half a row. */
let isFull = false
jest.unstable_mockModule('node:fs', () => ({
  ...fs,
  appendFileSync: (fd: number, text: string, options: { flush: boolean }) => {
    fs.appendFileSync(fd, isFull ? text.slice(0, 20) : text, options)
    if (isFull) throw new Error('ENOSPC: no space left on device')
  },
}))
const { createQuarantine } = await import('../../src/spool/quarantine.ts')
const { openSpoolFiles } = await import('../../src/spool/files.ts')

test('a row of which the disk took half is taken back, so that the next one is whole', () => {
  const dir = createTestFolder()
  const quarantine = createQuarantine(dir, () => Date.UTC(2026, 10, 21))
  const put = (line: string): void =>
    quarantine.put({ segment: 's', at: 0, reason: 'no JSON', bytes: Buffer.from(line) })
  put('first')
  isFull = true
  expect(() => put('second')).toThrow('ENOSPC')
  isFull = false
  put('third')
  expect(openSpoolFiles(dir).refused()).toMatchObject([{ line: 'first' }, { line: 'third' }])
  const path = join(dir, 'quarantine', 'refused_2026-11-21.jsonl')
  expect(fs.readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(2)
})
