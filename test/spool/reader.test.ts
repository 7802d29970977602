import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { createQuarantine } from '../../src/spool/quarantine.ts'
import { createReader } from '../../src/spool/reader.ts'
import { createTestRefinery } from '../kit/events.ts'
import { createTestFolder } from '../kit/folder.ts'
import { eventToLine } from '../kit/line.ts'

const refinery = createTestRefinery()
const toLine = (comments: string): string => eventToLine(refinery.seal({ event_type: 'COMMIT', comments }))
const SEGMENT = 'events_2026-11-21_1-0a.jsonl'

function open(content: string | Buffer, maxBytes = 1_000_000) {
  const dir = createTestFolder()
  mkdirSync(join(dir, 'events'))
  const path = join(dir, 'events', SEGMENT)
  writeFileSync(path, content)
  return { dir, path, reader: createReader({ dir, maxBytes }) }
}

const commentsOf = (chunk: ReturnType<ReturnType<typeof createReader>['read']>): unknown[] =>
  (chunk?.lines ?? []).map(({ parsed }) => ('comments' in parsed.event ? parsed.event.comments : undefined))

test('segments are listed by day and nothing else in the folder is', () => {
  const { dir, reader } = open('')
  for (const name of ['events_2026-11-20_9-ff.jsonl', 'notes.txt', 'events_2026-11-21_1-0a.jsonl.gz'])
    writeFileSync(join(dir, 'events', name), 'x')
  expect(reader.list().map(({ name }) => name)).toEqual(['events_2026-11-20_9-ff.jsonl', SEGMENT])
})

test('cut at any byte of its last line, a segment gives the lines before it, and the last one when it is whole again', () => {
  const [first, last] = [toLine('first'), toLine('last ü 🎉')]
  const whole = Buffer.from(first + last)
  for (let cut = Buffer.byteLength(first); cut < whole.length; cut++) {
    const { path, reader } = open(whole.subarray(0, cut))
    const chunk = reader.read(SEGMENT, 0, 100)
    expect(commentsOf(chunk)).toEqual(['first'])
    expect(reader.read(SEGMENT, chunk?.to ?? 0, 100)).toBeUndefined()
    appendFileSync(path, whole.subarray(cut))
    expect(commentsOf(reader.read(SEGMENT, chunk?.to ?? 0, 100))).toEqual(['last ü 🎉'])
  }
})

test('a damaged line is told apart with its bytes and place, and its neighbours are read', () => {
  const [before, hurt, after] = [toLine('before'), toLine('hurt').replace('hurt', 'hxrt'), toLine('after')]
  const { reader } = open(before + hurt + after)
  const chunk = reader.read(SEGMENT, 0, 100)
  expect(commentsOf(chunk)).toEqual(['before', 'after'])
  expect(chunk?.damaged).toEqual([
    { at: before.length, bytes: Buffer.from(hurt.trimEnd()), reason: 'the checksum does not match' },
  ])
})

test('chunks end at the limit of lines or bytes and follow each other without a gap', () => {
  const lines = Array.from({ length: 10 }, (_, i) => toLine(String(i)))
  for (const limits of [
    { maxLines: 3, maxBytes: 1_000_000 },
    { maxLines: 100, maxBytes: (lines[0]?.length ?? 0) * 2 + 5 },
    // Smaller than one line: it is read whole all the same.
    { maxLines: 100, maxBytes: 16 },
  ]) {
    const { reader } = open(lines.join(''), limits.maxBytes)
    const seen: unknown[] = []
    let from = 0
    for (
      let chunk = reader.read(SEGMENT, 0, limits.maxLines);
      chunk;
      chunk = reader.read(SEGMENT, from, limits.maxLines)
    ) {
      expect(chunk.from).toBe(from)
      seen.push(...commentsOf(chunk))
      from = chunk.to
    }
    expect(seen).toEqual(lines.map((_, i) => String(i)))
  }
})

test('a refused line waits in quarantine with its bytes, its place and the reason', () => {
  const dir = createTestFolder()
  const quarantine = createQuarantine(dir, () => Date.UTC(2026, 10, 21))
  quarantine.put({ segment: SEGMENT, at: 7, bytes: Buffer.from('text'), reason: 'why' })
  quarantine.put({ segment: SEGMENT, at: 9, bytes: Buffer.from([0xff, 0]), reason: 'bytes' })
  const rows = readFileSync(join(dir, 'quarantine', 'refused_2026-11-21.jsonl'), 'utf8')
    .trim()
    .split('\n')
  expect(rows.map((row) => JSON.parse(row))).toEqual([
    { refused_at: '2026-11-21T00:00:00.000Z', segment: SEGMENT, at: 7, reason: 'why', line: 'text' },
    { refused_at: '2026-11-21T00:00:00.000Z', segment: SEGMENT, at: 9, reason: 'bytes', line_base64: '/wA=' },
  ])
})
