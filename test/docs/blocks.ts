/** The code that stands in our pages. */
import { globSync, readFileSync } from 'node:fs'

export interface Block {
  /** From the repository. */
  readonly page: string
  /** Of its fence. */
  readonly line: number
  readonly lang: string
  /** What stands behind the language: `skip=needs-a-vendor endless`. */
  readonly marks: Readonly<Record<string, string>>
  readonly text: string
}

export const PAGES = ['README.md', ...globSync(['docs/**/*.md', 'examples/**/*.md']).sort()].map((path) =>
  path.replaceAll('\\', '/'),
)

export const readPage = (page: string): string => readFileSync(page, 'utf8')

export function blocksOf(page: string): Block[] {
  const source = readPage(page)
  return [...source.matchAll(/^( *)```([^\n`]*)\n(.*?)^\1```$/gms)].map(
    ({ 1: indent = '', 2: info = '', 3: body = '', index }) => {
      const [lang = '', ...marks] = info.trim().split(/\s+/)
      const line = source.slice(0, index).split('\n').length
      const text = body.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
      return { page, line, lang, marks: Object.fromEntries(marks.map(toMark)), text }
    },
  )
}

function toMark(mark: string): [string, string] {
  const [name = '', value = ''] = mark.split(/=(.*)/s)
  return [name, value]
}
