/**
 * openapi.yaml → the types of its schemas for `src/api/`, and the operations that `src/client/` calls.
 *
 *   node openapi/generate.ts           writes the files
 *   node openapi/generate.ts --check   fails when a file is not what would be written
 */
import { readFile, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { parse } from 'yaml'
import { toClientText } from './client.ts'
import { toTypeText } from './types.ts'

const SOURCE = new URL('./openapi.yaml', import.meta.url)
const BANNER =
  '/** Types of the schemas in openapi/openapi.yaml. Made by `node openapi/generate.ts`; edit the schemas instead. */'

export const toTypes = (yaml: string): Promise<string> => toTypeText(parse(yaml).components.schemas, BANNER)

const TARGETS: Readonly<Record<string, (yaml: string) => Promise<string>>> = {
  'src/api/contract.generated.ts': toTypes,
  'src/client/operations.generated.ts': (yaml) => toClientText(parse(yaml)),
}

async function run(isCheck: boolean): Promise<void> {
  const yaml = await readFile(SOURCE, 'utf8')
  for (const [path, toText] of Object.entries(TARGETS)) {
    const target = new URL(`../${path}`, import.meta.url)
    const text = await toText(yaml)
    if (!isCheck) await writeFile(target, text)
    else if (text !== (await readFile(target, 'utf8').catch(() => ''))) {
      process.stderr.write(`${path} is not what openapi/openapi.yaml says. Run: node openapi/generate.ts\n`)
      process.exitCode = 1
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await run(process.argv.includes('--check'))
