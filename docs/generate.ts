/**
 * Writes docs/columns.md and docs/api.md from the contract, docs/configuration.md and config.schema.json from the code. `--check` writes nothing
 * and fails when a page is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parse } from 'yaml'
import { toApiPage } from './generate-api.ts'
import { toConfigSchema } from './generate-config-schema.ts'
import { toConfigurationPage } from './generate-configuration.ts'

const url = (path: string): URL => new URL(`../${path}`, import.meta.url)

interface Property {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly description?: string
}

const contract = parse(readFileSync(url('openapi/openapi.yaml'), 'utf8'))
const { schemas } = contract.components

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

\`session_id\`, \`user_id\`, \`project_id\`, \`agent_id\` and \`run_id\` can refer to tables: [references](references.md).

## Events (\`event_logs\`)

${toTable('Event')}

## Errors (\`error_logs\`)

${toTable('Error')}
`

const options = ['options.ts', 'request-options.ts']
  .map((name) => readFileSync(url(`src/config/${name}`), 'utf8'))
  .join('\n')

const PAGES: Readonly<Record<string, string>> = {
  'docs/columns.md': page,
  'docs/api.md': toApiPage(contract),
  'docs/configuration.md': toConfigurationPage(options),
  'config.schema.json': toConfigSchema(options),
}

const isCheck = process.argv.includes('--check')
for (const [path, text] of Object.entries(PAGES)) {
  if (!isCheck) writeFileSync(url(path), text)
  else if (readFileSync(url(path), 'utf8') !== text) {
    process.stderr.write(`${path} is stale. Run \`npm run generate\` and commit it.\n`)
    process.exitCode = 1
  }
}
