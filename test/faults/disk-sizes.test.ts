import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { LIMITS } from '../../src/config/defaults.ts'
import { parseLine } from '../../src/event/line.ts'
import { createReader } from '../../src/spool/reader.ts'
import { createSegment } from '../../src/spool/segment.ts'
import { createTestRefinery } from '../kit/events.ts'
import { createTestFolder } from '../kit/folder.ts'
import { eventToLine } from '../kit/line.ts'
import { toLine, writeSegment } from './kit/lines.ts'

const [PAGE, CHUNK] = [4_096, 65_536]
const refinery = createTestRefinery()

test('text of any size is appended whole, and counted', () => {
  const path = join(createTestFolder(), 'segment')
  const segment = createSegment(path)
  let bytes = 0
  for (const size of [0, 1, PAGE - 1, PAGE, PAGE + 1, CHUNK - 1, CHUNK, CHUNK + 1, 8 * 1_048_576]) {
    segment.append('x'.repeat(size))
    bytes += size
    expect(segment.bytes).toBe(bytes)
  }
  segment.close()
  expect(readFileSync(path).length).toBe(bytes)
})

test('a line around the size of a chunk, or far beyond it, is read whole', () => {
  const dir = createTestFolder()
  for (const size of [CHUNK - 1, CHUNK, CHUNK + 1, 4 * CHUNK, 10 * CHUNK]) {
    const around = toLine({ comments: '' }).length
    const [first, long, last] = ['first', 'x'.repeat(size - around), 'last'].map((comments) => toLine({ comments }))
    expect(long).toHaveLength(size)
    const path = writeSegment(dir, [first ?? '', long ?? '', last ?? ''])
    const reader = createReader({ dir, maxBytes: CHUNK })
    const seen: unknown[] = []
    for (
      let from = 0, chunk = reader.read(basename(path), 0, 10);
      chunk;
      chunk = reader.read(basename(path), from, 10)
    ) {
      seen.push(...chunk.lines.map(({ parsed }) => ('comments' in parsed.event ? parsed.event.comments : '')))
      expect(chunk.damaged).toEqual([])
      from = chunk.to
    }
    expect(seen).toEqual(['first', 'x'.repeat(size - around), 'last'])
  }
})

test('a payload of 100 MB, and strings around their limit, become lines that are bounded and can be read', () => {
  const most = LIMITS.jsonChars * 2
  for (const length of [0, 1, LIMITS.stringChars - 1, LIMITS.stringChars, LIMITS.stringChars + 1, 100 * 1_048_576]) {
    const line = eventToLine(refinery.seal({ event_type: 'COMMIT', payload: { text: 'x'.repeat(length) } }))
    expect(line.length).toBeLessThan(most)
    const parsed = parseLine(Buffer.from(line.trimEnd()))
    const text = parsed.log === 'event' ? Reflect.get(Object(parsed.event.payload), 'text') : undefined
    if (length <= LIMITS.stringChars) expect(text).toBe('x'.repeat(length))
    else expect(String(text).length).toBeLessThan(LIMITS.stringChars + 100)
  }
  const wide = Array.from({ length: 100 }, () => 'x'.repeat(1_048_576))
  expect(eventToLine(refinery.seal({ event_type: 'COMMIT', payload: { wide } })).length).toBeLessThan(most)
})
