/** Pages on security name the tests that prove them: these are there, and are called so. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { readPage } from './blocks.ts'

const PAGES = ['docs/attacks.md', 'docs/asvs.md', 'docs/threat-model.md']

interface Proof {
  readonly path: string
  readonly titles: readonly string[]
}

/** `` `test/a.test.ts` “one title”, “another” `` */
const proofsOf = (text: string): Proof[] =>
  [...text.matchAll(/`(test\/[^`]+)`((?:,? (?:with )?“[^”]+”)*)/g)].map(([, path = '', titles = '']) => ({
    path,
    titles: [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title),
  }))

const rowsOf = (page: string): string[][] =>
  readPage(page)
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[-|]+\|$/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))

const readSource = (path: string): string => readFileSync(path, 'utf8').replaceAll("\\'", "'")

test.each(PAGES)('each test that %s names is there, and is called so', (page) => {
  const proofs = proofsOf(readPage(page))
  expect(proofs.length).toBeGreaterThan(10)
  const missing = proofs.filter(({ path }) => !existsSync(path)).map(({ path }) => path)
  const untrue = proofs.flatMap(({ path, titles }) =>
    missing.includes(path)
      ? []
      : titles.filter((title) => !readSource(path).includes(title)).map((title) => `${path}: ${title}`),
  )
  expect({ missing, untrue }).toEqual({ missing: [], untrue: [] })
})

test('each attack of the table has a test, or is said to be open', () => {
  const rows = rowsOf('docs/attacks.md').filter(([, number = '']) => /^\d+$/.test(number))
  const numbers = rows.map(([, number]) => Number(number))
  expect(numbers).toEqual(Array.from({ length: 70 }, (_, at) => at + 1))
  const bare = rows.filter((row) => proofsOf(row.join('|')).length === 0 && !/\bopen\b/.test(row.join()))
  expect(bare).toEqual([])
})

test('all 17 requirements of V16 and all 10 risks of APIs are answered, each with a test', () => {
  const answered = rowsOf('docs/asvs.md').flatMap(([, name = '', , proof = '']) => {
    const [id] = /^(?:16\.\d\.\d|API\d+)(?= )/.exec(name) ?? []
    return id === undefined ? [] : [[id, proofsOf(proof).some(({ titles }) => titles.length > 0)]]
  })
  const parts = { 1: 1, 2: 5, 3: 4, 4: 3, 5: 4 }
  const v16 = Object.entries(parts).flatMap(([part, count]) =>
    Array.from({ length: count }, (_, at) => `16.${part}.${at + 1}`),
  )
  const api = Array.from({ length: 10 }, (_, at) => `API${at + 1}`)
  expect(answered).toEqual([...v16, ...api].map((id) => [id, true]))
})
