/** The result as text, and as a section of docs/performance.md, which only the benches write. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import type { BenchResult } from './bench.ts'

const PAGE = new URL('../docs/performance.md', import.meta.url)

const HEAD = `# Performance

Written by \`npm run bench -- <name> --write\`. Ratios are what to read: other work on the machine moves the rest.
`

type Table = BenchResult['table']

export function toText({ bench, ratio, table, notes }: BenchResult): string {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  const lines = table.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
  )
  return [...lines.map((cells) => cells.join('  ')), '', ...notes, '', `${bench}: ratio ${ratio}`].join('\n')
}

function toMarkdown(table: Table): string {
  const [head = [], ...rows] = table.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  const toLine = (row: readonly string[]): string => `| ${row.join(' | ')} |`
  return [toLine(head), toLine(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(toLine)].join(
    '\n',
  )
}

export function writeSection(result: BenchResult): void {
  const { bench, ratio, table, notes, peers = [] } = result
  const [begin, end] = [`<!-- ${bench} -->`, `<!-- /${bench} -->`]
  const day = new Date().toISOString().slice(0, 10)
  const section = [
    begin,
    `## ${bench}: ${ratio}`,
    '',
    toMarkdown(table),
    '',
    ...notes.map((note) => `- ${note}`),
    ...(peers.length > 0 ? [`- Beside it: ${peers.map(toVersion).join(', ')}.`] : []),
    `- ${day}: ${toMachine()}. Again: \`npm run bench -- ${bench}\`.`,
    end,
  ].join('\n')
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : HEAD
  const at = page.indexOf(begin)
  const rest = page.indexOf(end)
  const next =
    at < 0 || rest < at
      ? `${page.trimEnd()}\n\n${section}\n`
      : page.slice(0, at) + section + page.slice(rest + end.length)
  writeFileSync(PAGE, next)
}

function toVersion(name: string): string {
  const manifest = readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')
  return `${name} ${JSON.parse(manifest).version}`
}

const toMachine = (): string =>
  `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${process.platform} ${process.arch}, Node ${process.versions.node}, load average ${(loadavg()[0] ?? 0).toFixed(1)} at the end`
