import { rmSync, truncateSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { toLine, writeSegment } from './kit/lines.ts'
import { quarantinedLines, storedTags, storeRest } from './kit/oracle.ts'
import { toTags } from './kit/tags.ts'

const write = (dir: string, tag: string, number: number, more: readonly string[] = []): string =>
  writeSegment(dir, [...toTags(tag, 100).map((comments) => toLine({ comments })), ...more], undefined, number)

test('segments that are gone or shorter than what is stored of them stop nothing', async () => {
  const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
  const [gone, short] = [write(dir, 'gone', 1), write(dir, 'short', 2)]
  await storeRest(dir, url)
  expect(await storedTags(url)).toHaveLength(200)
  rmSync(gone)
  truncateSync(short, 10)
  write(dir, 'next', 3)
  const { drain } = await storeRest(dir, url)
  expect(drain).toMatchObject({ state: 'idle', stored: 100, quarantined: 0, waiting_bytes: 0 })
  expect((await storedTags(url)).sort()).toEqual(['gone', 'short', 'next'].flatMap((tag) => toTags(tag, 100)).sort())
})

test('a damaged line is counted and waits in quarantine, and the rest of its segment is stored', async () => {
  const [dir, { url }] = [createTestFolder(), await createTestDatabase()]
  const hurt = toLine({ comments: 'hurt' }).replace('hurt', 'hXrt')
  write(dir, 'a', 1, [hurt])
  write(dir, 'b', 2)
  const { drain } = await storeRest(dir, url)
  expect(drain).toMatchObject({ stored: 200, quarantined: 1, waiting_bytes: 0 })
  expect(await storedTags(url)).toHaveLength(200)
  expect(quarantinedLines(dir)).toEqual([
    expect.objectContaining({ line: hurt.trimEnd(), reason: expect.stringMatching(/checksum/) }),
  ])
})
