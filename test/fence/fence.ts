/**
 * The import fence: `npm run fence`. By hand on another tree: `node test/fence/fence.ts [--json] [root]`.
 */
import { readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import { inspectFile, SOURCE_RULES, type Violation } from './source-rules.ts'

const REPOSITORY = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const CONFIG = join(REPOSITORY, '.dependency-cruiser.js')
const UNREAD = 'every-import-is-read'

/** All violations in `root`/src. */
export async function inspectTree(root: string): Promise<Violation[]> {
  const result = await cruiseTree(root)
  const files = sourcesOf(root).map((file) => ({ file, ...inspectFile(root, file) }))
  return [
    ...files.flatMap(({ file, imports }) => findUnread(file, imports, result)),
    ...result.summary.violations.map((violation) => toViolation(violation, result)),
    ...files.flatMap(({ violations }) => violations),
  ]
}

function sourcesOf(root: string): string[] {
  return readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]sx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((file) => !/\/(node_modules|dist)\//.test(file))
    .sort()
}

async function cruiseTree(root: string): Promise<ICruiseResult> {
  const { enhancedResolveOptions, ...options } = await extractOptions(CONFIG)
  const { output } = await cruise(['src'], { ...options, baseDir: root, validate: true }, enhancedResolveOptions)
  if (typeof output === 'string') throw new Error(`dependency-cruiser answered with text: ${output}`)
  return output
}

/** A parser that can't read a file finds nothing wrong with it, so each file and each of its imports must have been read. */
function findUnread(file: string, imports: readonly string[], { modules }: ICruiseResult): Violation[] {
  const module = modules.find(({ source }) => source === file)
  const seen = new Set(module?.dependencies.map((dependency) => withoutNode(dependency.module)))
  const unseen = imports.filter((specifier) => !seen.has(withoutNode(specifier)))
  if (module && unseen.length === 0) return []
  const found = module
    ? `its imports ${unseen.join(', ')} were not read`
    : `not among the ${modules.length} modules read`
  return [
    { rule: UNREAD, file, found, instead: "Keep parser: 'swc' in .dependency-cruiser.js and @swc/core installed." },
  ]
}

const withoutNode = (specifier: string): string => specifier.replace(/^node:/, '')

function toViolation(violation: ICruiseResult['summary']['violations'][number], result: ICruiseResult): Violation {
  const rule = result.summary.ruleSetUsed?.forbidden?.find(({ name }) => name === violation.rule.name)
  const path = violation.cycle?.map(({ name }) => name).join(' → ')
  return {
    rule: violation.rule.name,
    file: violation.from,
    found: `imports ${path ?? violation.to}`,
    instead: rule?.comment ?? 'See .dependency-cruiser.js.',
  }
}

const toText = ({ file, line, rule, found, instead }: Violation): string =>
  `${file}${line ? `:${line}` : ''}  ${rule}\n    ${found}\n    → ${instead}\n`

/** Names of all rules, for the test that plants a violation of each. */
async function namesOfRules(): Promise<string[]> {
  const { ruleSet } = await extractOptions(CONFIG)
  return [...(ruleSet?.forbidden ?? []).map(({ name }) => name ?? ''), ...SOURCE_RULES, UNREAD]
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' } },
    allowPositionals: true,
  })
  const root = resolve(positionals[0] ?? REPOSITORY)
  const violations = await inspectTree(root)
  const summary = `Fence: ${sourcesOf(root).length} files, ${violations.length} violations\n`
  if (values.json) process.stdout.write(JSON.stringify({ rules: await namesOfRules(), violations }))
  else process.stdout.write(violations.map(toText).join('') + summary)
  process.exitCode = violations.length > 0 ? 1 : 0
}
