import { existsSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from '@jest/globals'
import { PAGES, readPage } from './blocks.ts'

/** As GitHub makes them of headings. */
const toAnchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')

const proseOf = (page: string): string => readPage(page).replaceAll(/^( *)```.*?^\1```$/gms, '')

const anchorsOf = (page: string): string[] =>
  [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => toAnchor(heading))

const linksOf = (page: string): string[] =>
  [
    ...proseOf(page)
      .replaceAll(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, to = '']) => to)

function isBroken(page: string, to: string): boolean {
  if (/^https?:/.test(to)) return false
  const [path = '', anchor] = to.split('#')
  const target = path === '' ? page : normalize(join(dirname(page), path))
  if (!existsSync(target)) return true
  if (anchor === undefined || !statSync(target).isFile()) return false
  return !anchorsOf(target.replaceAll('\\', '/')).includes(anchor)
}

test.each([...PAGES, 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'CHANGELOG.md'])(
  'each link of %s leads somewhere',
  (page) => {
    expect(linksOf(page).filter((to) => isBroken(page, to))).toEqual([])
  },
)

test('docs/README.md leads to each page of docs/', () => {
  const index = linksOf('docs/README.md').map((to) => `docs/${to.split('#')[0]}`)
  const pages = PAGES.filter((page) => /^docs\/[^/]+\.md$/.test(page) && page !== 'docs/README.md')
  expect(pages.filter((page) => !index.includes(page))).toEqual([])
})

test('each folder of examples/ has a page that is linked', () => {
  const pages = PAGES.filter((page) => page.startsWith('examples/'))
  const index = linksOf('docs/README.md').map((to) => normalize(join('docs', to)))
  expect(pages.filter((page) => !index.includes(dirname(page)) && !index.includes(page))).toEqual([])
})
