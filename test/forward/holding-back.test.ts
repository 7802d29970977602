/** Segments that are stored and not sent on yet stay where they are. */
import { expect, test } from '@jest/globals'
import { holdingBack } from '../../src/forwarding.ts'
import { createProgress } from '../../src/spool/progress.ts'
import { createTestFolder } from '../kit/folder.ts'

test('a segment counts as stored only as far as it was sent on', async () => {
  const dir = createTestFolder()
  createProgress(dir, 'forward').save(
    new Map([
      ['sent', 500],
      ['half', 200],
    ]),
  )
  const seen: [string, number][] = []
  const archive = {
    tidy: async (cursors: ReadonlyMap<string, number>) => {
      seen.push(...cursors)
      return []
    },
    unpack: async () => undefined,
  }
  await holdingBack(archive, dir).tidy(
    new Map([
      ['sent', 400],
      ['half', 400],
      ['unknown', 400],
    ]),
  )
  expect(seen).toEqual([
    ['sent', 400],
    ['half', 200],
    ['unknown', 0],
  ])
})
