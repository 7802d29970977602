import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { createDailyFiles } from '../../src/spool/daily-files.ts'
import { createTestFolder } from '../kit/folder.ts'

const DAY = '2026-11-21'

function createDays() {
  const dir = createTestFolder()
  const events = join(dir, 'events')
  mkdirSync(events)
  const path = (name: string) => join(events, `events_${name}.jsonl`)
  writeFileSync(path(`${DAY}_1-a-1`), 'one\ntwo\n')
  writeFileSync(`${path(`${DAY}_1-a-2`)}.gz`, gzipSync('three\n'))
  writeFileSync(path(`${DAY}_2-b-1`), 'four\ntorn')
  writeFileSync(`${path('2026-11-20_1-a-1')}.gz`, gzipSync('old\n'))
  writeFileSync(join(events, 'other.jsonl'), 'no\n')
  return { files: createDailyFiles(dir), path }
}

async function read(
  files: ReturnType<typeof createDailyFiles>,
  from = 0,
  to = Number.MAX_SAFE_INTEGER,
): Promise<string> {
  const day = await files.open(DAY)
  const pieces: Uint8Array[] = []
  for await (const piece of day?.read(from, Math.min(to, day.bytes)) ?? []) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

test('days are listed, newest first, with the bytes of their whole lines', async () => {
  const { files } = createDays()
  expect(await files.list()).toEqual([
    { date: DAY, bytes: 19, segments: 3, packed: false },
    { date: '2026-11-20', bytes: 4, segments: 1, packed: true },
  ])
})

test('a day is all its segments, packed or not, and any part of it can be read', async () => {
  const { files } = createDays()
  const all = 'one\ntwo\nthree\nfour\n'
  expect(await read(files)).toBe(all)
  for (let from = 0; from < all.length; from++)
    for (let to = from + 1; to <= all.length; to++) expect(await read(files, from, to)).toBe(all.slice(from, to))
  expect(await files.open('2026-11-19')).toBeUndefined()
})

test('what is written meanwhile does not change a day that is open, and gives it another tag', async () => {
  const { files, path } = createDays()
  const before = await files.open(DAY)
  appendFileSync(path(`${DAY}_1-a-1`), 'more\n')
  const pieces: Uint8Array[] = []
  for await (const piece of before?.read(0, before.bytes) ?? []) pieces.push(piece)
  expect(Buffer.concat(pieces).toString()).toBe('one\ntwo\nthree\nfour\n')
  expect((await files.open(DAY))?.tag).not.toBe(before?.tag)
})

test('a segment that is packed meanwhile is read all the same, under the same tag', async () => {
  const { files, path } = createDays()
  const before = await files.open(DAY)
  const name = path(`${DAY}_1-a-1`)
  writeFileSync(`${name}.gz`, gzipSync(readFileSync(name)))
  rmSync(name)
  const pieces: Uint8Array[] = []
  for await (const piece of before?.read(2, before.bytes) ?? []) pieces.push(piece)
  expect(Buffer.concat(pieces).toString()).toBe('e\ntwo\nthree\nfour\n')
  expect((await files.open(DAY))?.tag).toBe(before?.tag)
})
