import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, test } from '@jest/globals'
import { createReader } from '../../src/spool/reader.ts'
import { createTestFolder } from '../kit/folder.ts'
import { toLine, writeSegment } from './kit/lines.ts'
import { toTags } from './kit/tags.ts'

const PAGE = 4_096

/** What is read of these bytes: comments of the good lines, and the damaged bytes. */
function createLook() {
  const dir = createTestFolder()
  const path = writeSegment(dir, [])
  const reader = createReader({ dir, maxBytes: 1_000_000 })
  return (bytes: Buffer) => {
    writeFileSync(path, bytes)
    const chunk = reader.read(basename(path), 0, 10_000)
    const good = (chunk?.lines ?? []).map(({ parsed }) => ('comments' in parsed.event ? parsed.event.comments : ''))
    return { good, damaged: chunk?.damaged ?? [], to: chunk?.to ?? 0 }
  }
}

test('a flipped bit costs the line it is in and no other, wherever it is, and its bytes are kept', () => {
  const look = createLook()
  const tags = toTags('line', 4)
  const lines = tags.map((comments) => toLine({ comments }))
  const whole = Buffer.from(lines.join(''))
  expect(look(whole)).toMatchObject({ good: tags, damaged: [] })
  const ends = lines.map((_, i) => Buffer.byteLength(lines.slice(0, i + 1).join('')))
  const wrong: number[] = []
  // The last newline aside: without it the last line is a torn tail.
  for (let at = 0; at < whole.length - 1; at++) {
    const hurt = Buffer.from(whole)
    hurt[at] = (hurt[at] ?? 0) ^ (1 << (at % 8))
    const { good, damaged, to } = look(hurt)
    const line = ends.findIndex((end) => at < end)
    const isGood = to === whole.length && good.join() === tags.filter((_, i) => i !== line).join()
    // A bit can make a newline; then the line is set aside in two pieces.
    const bytes = damaged.reduce((sum, piece) => sum + piece.bytes.length, 0)
    const isKept = damaged.every((piece) => hurt.subarray(piece.at).indexOf(piece.bytes) === 0)
    if (!isGood || !isKept || bytes < (lines[line]?.length ?? 0) - 2) wrong.push(at)
  }
  expect(wrong).toEqual([])
})

test('garbage between lines is set aside with its bytes, and the lines around it are read', () => {
  const look = createLook()
  const [before, after] = [toLine({ comments: 'before' }), toLine({ comments: 'after' })]
  for (const garbage of [
    Buffer.from([0xff, 0xfe, 0, 1]),
    Buffer.from('{"v":1,"log":"event"}\n'),
    Buffer.from(`${before.slice(0, 40)}`),
    Buffer.from('\n\n\n<html>\n'),
  ]) {
    const { good, damaged } = look(Buffer.concat([Buffer.from(before), garbage, Buffer.from(after)]))
    expect(good).toEqual(['before', 'after'])
    expect(Buffer.concat(damaged.map(({ bytes }) => bytes)).length).toBeGreaterThan(3)
  }
})

test('a page of zeros costs the lines it covers, and nothing behind it', () => {
  const look = createLook()
  const tags = toTags('line', 60)
  const whole = Buffer.from(tags.map((comments) => toLine({ comments })).join(''))
  for (const page of [1, 2]) {
    const hurt = Buffer.from(whole)
    hurt.fill(0, page * PAGE, (page + 1) * PAGE)
    const { good, damaged } = look(hurt)
    const length = whole.length / tags.length
    const [first, last] = [Math.floor((page * PAGE) / length), Math.ceil(((page + 1) * PAGE) / length)]
    expect(good.slice(0, first - 1)).toEqual(tags.slice(0, first - 1))
    expect(good.slice(-tags.length + last + 1)).toEqual(tags.slice(last + 1))
    expect(damaged).toHaveLength(1)
  }
})
