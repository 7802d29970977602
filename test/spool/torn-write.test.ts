import * as fs from 'node:fs'
import { join } from 'node:path'
import { expect, jest, test } from '@jest/globals'
import { createSignals } from '../../src/event/signals.ts'
import { createTestFolder } from '../kit/folder.ts'

/** A disk that takes half a line, then nothing, and does not let go of that half either. */
let isSick = false
const sick = (): never => {
  throw new Error('EIO: i/o error')
}
let writes = 0
jest.unstable_mockModule('node:fs', () => ({
  ...fs,
  writeSync: (fd: number, data: string | Buffer, ...rest: [number?]) => {
    if (!isSick) return typeof data === 'string' ? fs.writeSync(fd, data) : fs.writeSync(fd, data, ...rest)
    return writes++ === 0 ? fs.writeSync(fd, String(data).slice(0, 3)) : sick()
  },
  ftruncateSync: (fd: number, length: number) => (isSick ? sick() : fs.ftruncateSync(fd, length)),
}))
const { createSpool } = await import('../../src/spool/spool.ts')

test('after a write that could be neither ended nor undone the next line is in another segment', () => {
  const dir = createTestFolder()
  let now = Date.UTC(2026, 10, 21)
  const spool = createSpool({
    dir,
    mark: '1-0a',
    signals: createSignals(),
    maxBytes: 1_000_000,
    durability: 'group',
    onNotice: () => undefined,
    nowMs: () => now,
  })
  expect(spool.append('first\n')).toBe(true)
  isSick = true
  expect(spool.append('second\n')).toBe(false)
  isSick = false
  now += 1_000
  expect(spool.append('third\n')).toBe(true)
  const folder = join(dir, 'events')
  expect(fs.readdirSync(folder).map((name) => fs.readFileSync(join(folder, name), 'utf8'))).toEqual([
    'first\nsec',
    'third\n',
  ])
})
