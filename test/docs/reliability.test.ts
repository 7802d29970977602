/** docs/reliability.md names a test for each fault: it has to be there. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { CAMPAIGN_NAMES } from '../campaign/short.ts'
import { readPage } from './blocks.ts'

const PAGE = readPage('docs/reliability.md')
const FAULTS = 63

const rows = [...PAGE.matchAll(/^\| (\d+) \| (.+?) \| (.+) \| (.+?) \| (.+?) \|$/gm)].map(
  ([, number, fault = '', tests = '', result = '', figure = '']) => ({
    ...{ number: Number(number), fault, result, figure },
    tests: [...tests.matchAll(/`(test\/[^`]+)`(?: “(.+?)”)/g)].map(([, path = '', title = '']) => ({ path, title })),
  }),
)

/** `…` stands for what a title is made of at run time. */
function isThere({ path, title }: { path: string; title: string }): boolean {
  if (!existsSync(path)) return false
  const source = readFileSync(path, 'utf8')
  return title.split('…').reduce((at, part) => (at < 0 ? at : source.indexOf(part, at)), 0) >= 0
}

test('each fault of the catalogue has its row', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: FAULTS }, (_, i) => i + 1))
})

test('each fault has a test that is there, or is said to be open', () => {
  const without = rows.filter(({ tests, result }) => tests.length === 0 && result !== 'open')
  expect(without).toEqual([])
  expect(rows.flatMap(({ tests }) => tests).filter((each) => !isThere(each))).toEqual([])
  // One that is not would be found.
  expect(isThere({ path: 'test/docs/reliability.test.ts', title: `a title of ${FAULTS}` })).toBe(false)
})

test('each campaign is on the page, and no other', () => {
  const named = [...PAGE.matchAll(/^\| (`[a-z]+`(?:, `[a-z]+`)*) \|/gm)].flatMap(
    ([, names = '']) => names.match(/[a-z]+/g) ?? [],
  )
  // It has no short form: what it runs is no package of ours.
  expect(named.sort()).toEqual([...CAMPAIGN_NAMES, 'specmatic'].sort())
})
