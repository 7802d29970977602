/**
 * Writes docs/columns.md from the contract. `--check` writes nothing and fails when the page is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parse } from 'yaml'

const url = (path: string): URL => new URL(`../${path}`, import.meta.url)

interface Property {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly description?: string
}

const { schemas } = parse(readFileSync(url('openapi/openapi.yaml'), 'utf8')).components

function toType({ type, enum: words }: Property): string {
  const shown = (words ?? [type].flat()).filter((word) => word !== undefined && word !== null && word !== 'null')
  return shown.length > 0 ? shown.map((word) => `\`${word}\``).join(', ') : 'any JSON'
}

function toTable(schema: string): string {
  const rows = Object.entries<Property>(schemas[schema].properties).map(
    ([name, property]) =>
      `| \`${name}\` | ${toType(property)} | ${(property.description ?? '').replaceAll('|', '\\|')} |`,
  )
  return ['| column | type | meaning |', '|---|---|---|', ...rows].join('\n')
}

const page = `# Columns

Written by \`npm run generate\` from \`openapi/openapi.yaml\`.

## Events (\`event_logs\`)

${toTable('Event')}

## Errors (\`error_logs\`)

${toTable('Error')}
`

const target = url('docs/columns.md')
if (!process.argv.includes('--check')) {
  writeFileSync(target, page)
} else if (readFileSync(target, 'utf8') !== page) {
  process.stderr.write('docs/columns.md is stale. Run `npm run generate` and commit it.\n')
  process.exitCode = 1
}
