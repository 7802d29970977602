/** A file that ends anywhere, as a kill or a power cut leaves it. */
import { appendFileSync, truncateSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, test } from '@jest/globals'
import { createSignals } from '../../src/event/signals.ts'
import { createReader } from '../../src/spool/reader.ts'
import { createSpool } from '../../src/spool/spool.ts'
import { createTestFolder } from '../kit/folder.ts'
import { toLine, writeSegment } from './kit/lines.ts'

const LINES = Array.from({ length: 6 }, (_, i) => toLine({ comments: `line ${i} ü` }))
const LAST = 3

/** What is read of a segment, as the drain reads it. */
function read(dir: string, segment: string) {
  const reader = createReader({ dir, maxBytes: 1_000_000 })
  const { lines = [], damaged = [] } = reader.read(segment, 0, 100) ?? {}
  return { whole: lines.map(({ raw }) => `${raw}\n`), damaged: damaged.length }
}

test('cut at any byte of its last three lines, a segment gives its whole lines, and what is logged next is whole too', () => {
  const dir = createTestFolder()
  const path = writeSegment(dir, LINES)
  const spool = createSpool({
    ...{ dir, mark: '2-0b', signals: createSignals(), maxBytes: 1e9, durability: 'group' },
    onNotice: () => undefined,
  })
  const sizes = LINES.map((line) => Buffer.byteLength(line))
  const whole = sizes.reduce((sum, size) => sum + size, 0)
  const from = sizes.slice(0, -LAST).reduce((sum, size) => sum + size, 0)
  const after: string[] = []
  for (let cut = whole; cut >= from; cut--) {
    truncateSync(path, cut)
    const ends = sizes.map((_, i) => sizes.slice(0, i + 1).reduce((sum, size) => sum + size, 0))
    expect(read(dir, basename(path))).toEqual({ whole: LINES.filter((_, i) => (ends[i] ?? 0) <= cut), damaged: 0 })
    after.push(toLine({ comments: `after ${cut}` }))
    expect(spool.append(after.at(-1) ?? '')).toBe(true)
  }
  spool.close()
  const [, next = ''] = createReader({ dir, maxBytes: 1e6 })
    .list()
    .map(({ name }) => name)
  const seen: string[] = []
  const reader = createReader({ dir, maxBytes: 1e6 })
  for (let chunk = reader.read(next, 0, 500); chunk; chunk = reader.read(next, chunk.to, 500))
    seen.push(...chunk.lines.map(({ raw }) => `${raw}\n`))
  expect(seen).toEqual(after)
})

test('the control: in the file that was cut the next line would be glued to the torn one', () => {
  const dir = createTestFolder()
  const path = writeSegment(dir, LINES)
  truncateSync(path, Buffer.byteLength(LINES.join('')) - 5)
  appendFileSync(path, toLine({ comments: 'next' }))
  expect(read(dir, basename(path)).damaged).toBe(1)
})
