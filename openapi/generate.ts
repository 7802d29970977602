/**
 * openapi.yaml → src/api/contract.generated.ts, the types of its schemas.
 *
 *   node openapi/generate.ts           writes the file
 *   node openapi/generate.ts --check   fails when the file is not what would be written
 */
import { readFile, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { compile } from 'json-schema-to-typescript'
import { parse } from 'yaml'

const SOURCE = new URL('./openapi.yaml', import.meta.url)
const TARGET = new URL('../src/api/contract.generated.ts', import.meta.url)
const BANNER =
  '/** Types of the schemas in openapi/openapi.yaml. Made by `node openapi/generate.ts`; edit the schemas instead. */'

export async function toTypes(yaml: string): Promise<string> {
  const { schemas } = parse(yaml).components
  const definitions = JSON.parse(JSON.stringify(schemas).replaceAll('#/components/schemas/', '#/definitions/'))
  const properties = Object.fromEntries(Object.keys(schemas).map((name) => [name, { $ref: `#/definitions/${name}` }]))
  const types = await compile({ type: 'object', additionalProperties: false, properties, definitions }, 'Schemas', {
    bannerComment: BANNER,
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    style: { semi: false, singleQuote: true, printWidth: 120 },
  })
  // What the store answers is read-only, and what a caller sent is not ours to change.
  return types.replaceAll(/: (\w+)\[\]/g, ': readonly $1[]').replaceAll(/: \((.+)\)\[\]/g, ': readonly ($1)[]')
}

async function run(isCheck: boolean): Promise<void> {
  const types = await toTypes(await readFile(SOURCE, 'utf8'))
  if (!isCheck) return writeFile(TARGET, types)
  if (types === (await readFile(TARGET, 'utf8').catch(() => ''))) return
  process.stderr.write(
    'src/api/contract.generated.ts is not what openapi/openapi.yaml says. Run: node openapi/generate.ts\n',
  )
  process.exitCode = 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await run(process.argv.includes('--check'))
