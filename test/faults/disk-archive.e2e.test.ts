import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { createArchive } from '../../src/spool/archive.ts'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { daysAgo, toLine, writeSegment } from './kit/lines.ts'
import { segmentsIn, storedTags, storeRest } from './kit/oracle.ts'
import { toTags } from './kit/tags.ts'

const DAY_MS = 86_400_000

test('a stored segment is packed after seven days and deleted after thirty, and one that is not stored never', async () => {
  const dir = createTestFolder()
  const lines = toTags('a', 50).map((comments) => toLine({ comments }))
  for (const number of [1, 2]) writeSegment(dir, lines, daysAgo(0), number)
  const [first = '', second = ''] = segmentsIn(dir)
  const cursors = new Map([
    [first, Buffer.byteLength(lines.join(''))],
    [second, Buffer.byteLength(lines.slice(1).join(''))],
  ])
  let now = Date.now()
  const archive = createArchive({ dir, compressAfterDays: 7, deleteAfterDays: 30, nowMs: () => now })
  const after = async (days: number) => {
    now = Date.now() + days * DAY_MS
    return { gone: await archive.tidy(cursors), left: segmentsIn(dir) }
  }
  expect(await after(7)).toEqual({ gone: [], left: [first, second] })
  expect(await after(8)).toEqual({ gone: [], left: [`${first}.gz`, second] })
  expect(await after(30)).toEqual({ gone: [], left: [`${first}.gz`, second] })
  expect(await after(31)).toEqual({ gone: [first], left: [second] })
  expect(await after(3_650)).toEqual({ gone: [], left: [second] })
})

test('when a restored database has lost its rows, packed segments are stored again from the folder', async () => {
  const [dir, { url }, restored] = [
    createTestFolder(),
    await createTestDatabase(),
    await createTestDatabase('restored'),
  ]
  const created_at = new Date(Date.now() - 10 * DAY_MS).toISOString()
  const tags = toTags('old', 500)
  const torn = toLine({ comments: 'torn' }).slice(0, 40)
  const path = writeSegment(dir, [...tags.map((comments) => toLine({ comments, created_at })), torn], daysAgo(10))
  const bytes = readFileSync(path).length
  await storeRest(dir, url)
  expect(segmentsIn(dir)).toEqual([expect.stringMatching(/\.jsonl\.gz$/)])
  expect(readFileSync(`${path}.gz`).length).toBeLessThan(bytes / 3)
  // With the database it was packed for, it stays packed.
  await storeRest(dir, url)
  expect(segmentsIn(dir)).toEqual([expect.stringMatching(/\.jsonl\.gz$/)])

  await storeRest(dir, restored.url)
  expect((await storedTags(restored.url)).sort()).toEqual(tags.sort())
})

test('a segment that is stored and old enough to be deleted is deleted by a start, and one that waits is stored first', async () => {
  const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
  const tags = toTags('waits', 50)
  writeSegment(
    dir,
    tags.map((comments) => toLine({ comments })),
    daysAgo(40),
  )
  expect((await storeRest(dir, url)).drain).toMatchObject({ stored: 50 })
  expect(segmentsIn(dir)).toEqual([])
  expect((await storedTags(url)).sort()).toEqual(tags.sort())
})
