import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { createArchive } from '../../src/spool/archive.ts'
import { createTestFolder } from '../kit/folder.ts'

const SEGMENT = 'events_2026-11-11_1-0a-1.jsonl'
const WHOLE = 'one\ntwo\n'

function open(content: string) {
  const dir = createTestFolder()
  const folder = join(dir, 'events')
  mkdirSync(folder)
  writeFileSync(join(folder, SEGMENT), content)
  const nowMs = () => Date.UTC(2026, 10, 21)
  return { folder, archive: createArchive({ dir, compressAfterDays: 7, deleteAfterDays: 30, nowMs }) }
}

test('a segment with a torn tail is packed without it, so that a later look does not take it for unstored lines', async () => {
  const { folder, archive } = open(`${WHOLE}thr`)
  const cursors = new Map([[SEGMENT, WHOLE.length]])
  await archive.tidy(cursors)
  expect(gunzipSync(readFileSync(join(folder, `${SEGMENT}.gz`))).toString()).toBe(WHOLE)
  await archive.unpack(cursors)
  expect(readdirSync(folder)).toEqual([`${SEGMENT}.gz`])
})

test('a segment that is nothing but a torn line stays as it is until it is deleted', async () => {
  const { folder, archive } = open('thr')
  await archive.tidy(new Map())
  expect(readdirSync(folder)).toEqual([SEGMENT])
})
