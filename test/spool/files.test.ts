import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { openSpoolFiles } from '../../src/spool/files.ts'
import { createTestFolder } from '../kit/folder.ts'

const SEGMENT = 'events_2026-11-20_1-aa-1.jsonl'
const PACKED = 'events_2026-11-20_1-aa-2.jsonl'

function createFolder(): string {
  const dir = createTestFolder()
  mkdirSync(join(dir, 'events'))
  mkdirSync(join(dir, 'quarantine'))
  writeFileSync(join(dir, 'events', SEGMENT), '{"a":1}\n{"b":2}\n')
  writeFileSync(join(dir, 'events', `${PACKED}.gz`), gzipSync('{"c":3}\n'))
  writeFileSync(join(dir, 'drain.progress.json'), JSON.stringify({ [SEGMENT]: 8 }))
  return dir
}

test('segments are listed with their size and what of them waits, packed or not', () => {
  expect(openSpoolFiles(createFolder()).list()).toEqual([
    { name: SEGMENT, day: '2026-11-20', bytes: 16, packed: false, waiting_bytes: 8 },
    { name: `${PACKED}.gz`, day: '2026-11-20', bytes: expect.any(Number), packed: true, waiting_bytes: 0 },
  ])
  expect(openSpoolFiles(createTestFolder()).list()).toEqual([])
})

test('the lines of a day come from all its segments, those of one segment from it alone', () => {
  const files = openSpoolFiles(createFolder())
  expect([...files.cat('2026-11-20')]).toEqual(['{"a":1}', '{"b":2}', '{"c":3}'])
  expect([...files.cat(PACKED)]).toEqual(['{"c":3}'])
  expect([...files.cat('2026-11-19')]).toEqual([])
})

test('what was set aside is shown with its reason, and comes to the drain again byte by byte', () => {
  const dir = createFolder()
  const files = openSpoolFiles(dir)
  expect([files.refused(), files.retry()]).toEqual([[], 0])
  const damaged = Buffer.from([0xff, 0x41])
  const rows = [
    { refused_at: 't', segment: SEGMENT, at: 0, reason: 'too deep', line: '{"é":1}' },
    { refused_at: 't', segment: SEGMENT, at: 9, reason: 'no JSON', line_base64: damaged.toString('base64') },
  ]
  const put = (name: string, row: object) => writeFileSync(join(dir, 'quarantine', name), `${JSON.stringify(row)}\n`)
  put('refused_2026-11-20.jsonl', rows[0] ?? {})
  // Of a process that was killed in the middle of a retry.
  put('retrying_2026-11-19.jsonl', rows[1] ?? {})
  expect(files.refused()).toEqual(rows)

  const before = readdirSync(join(dir, 'events'))
  expect(files.retry()).toBe(2)
  const made = readdirSync(join(dir, 'events')).filter((name) => !before.includes(name))
  const bytes = made.map((name) => readFileSync(join(dir, 'events', name)).toString('latin1')).sort()
  expect(bytes).toEqual([`${Buffer.from('{"é":1}\n').toString('latin1')}`, '\xffA\n'].sort())
  expect(files.refused()).toEqual([])
  expect(files.retry()).toBe(0)
})

test('what a retry that was cut off had taken is kept when more of that day was set aside, and a torn row harms no other', () => {
  const dir = createFolder()
  const row = (line: string): string => JSON.stringify({ refused_at: 't', segment: SEGMENT, at: 0, reason: 'r', line })
  writeFileSync(join(dir, 'quarantine', 'retrying_2026-11-20.jsonl'), `${row('"first"')}\n`)
  writeFileSync(
    join(dir, 'quarantine', 'refused_2026-11-20.jsonl'),
    `${row('"second"')}\n${row('"torn"').slice(0, -3)}`,
  )
  const files = openSpoolFiles(dir)
  expect(files.refused().map(({ line }) => line)).toEqual(['"second"', '"first"'])

  const before = readdirSync(join(dir, 'events'))
  expect(files.retry()).toBe(2)
  const made = readdirSync(join(dir, 'events')).filter((name) => !before.includes(name))
  const texts = made.map((name) => readFileSync(join(dir, 'events', name), 'utf8')).sort()
  expect(texts).toEqual(['"first"\n', '"second"\n'])
})
