/** Rules that imports alone don't show; each reads the syntax tree of one file. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'
import { findWorkAtImport } from './import-work.ts'
import { type Node, nodesOf, unwrap } from './syntax.ts'

export interface Violation {
  readonly rule: string
  readonly file: string
  readonly line?: number
  /** What was found there. */
  readonly found: string
  /** What to do instead. */
  readonly instead: string
}

interface SourceRule {
  readonly name: string
  readonly instead: string
  readonly appliesTo: (file: string) => boolean
  readonly find: (program: Node) => Iterable<Node>
}

/** Files that something runs, instead of importing them: the bin, the workers, `--import`, the web page. */
const ENTRY = /^src\/(cli\/daybook\.ts|drain-thread\.ts|spool\/sync-thread\.ts|register\.ts|dashboard\/.*)$/

const RULES: readonly SourceRule[] = [
  {
    name: 'environment-in-config',
    instead: 'Read it in config/ and pass the value on in the config.',
    appliesTo: (file) => !file.startsWith('src/config/'),
    find: (program) => nodesOf(program).filter(readsEnvironment),
  },
  {
    name: 'no-default-export',
    instead: 'Export it by its name.',
    appliesTo: (file) => !/\.config\.ts$/.test(file),
    find: (program) => nodesOf(program).filter(isDefaultExport),
  },
  {
    name: 'no-export-all',
    instead: 'Name what is exported.',
    appliesTo: () => true,
    find: (program) => nodesOf(program).filter(({ type }) => type === 'ExportAllDeclaration'),
  },
  {
    name: 'no-inline-import-type',
    instead: 'Write `import type` at the top, where the fence sees it.',
    appliesTo: () => true,
    find: (program) => nodesOf(program).filter(({ type }) => type === 'TSImportType'),
  },
  {
    name: 'imports-are-literal',
    instead: 'Import by a literal path, which the fence can follow.',
    appliesTo: () => true,
    find: (program) => nodesOf(program).filter(({ type, source }) => type === 'ImportExpression' && !isLiteral(source)),
  },
  {
    name: 'no-top-level-await',
    instead: 'Await inside a function: a CommonJS host loads this file by `require`.',
    appliesTo: (file) => !ENTRY.test(file),
    find: (program) => nodesOf(program, { intoFunctions: false }).filter(waits),
  },
  {
    name: 'no-work-at-import',
    instead: 'Do it in a function that the owner calls: loading a module opens, starts and reads nothing.',
    appliesTo: (file) => !ENTRY.test(file),
    find: findWorkAtImport,
  },
]

export const SOURCE_RULES: readonly string[] = [...RULES.map(({ name }) => name), 'no-folder-index']

export interface Inspected {
  readonly violations: readonly Violation[]
  /** All that the file imports, as written. */
  readonly imports: readonly string[]
}

/** Reads one file; `file` is relative to `root` with forward slashes. */
export function inspectFile(root: string, file: string): Inspected {
  const source = readFileSync(join(root, file), 'utf8')
  const { program: parsed, errors } = parseSync(file, source)
  if (errors[0]) {
    return {
      violations: [{ rule: 'parses', file, found: errors[0].message, instead: 'Mend the syntax.' }],
      imports: [],
    }
  }
  const program = parsed as unknown as Node
  return { violations: inspectProgram(file, source, program), imports: importsOf(program) }
}

function importsOf(program: Node): string[] {
  return nodesOf(program)
    .filter(({ type }) =>
      /^(ImportDeclaration|ImportExpression|ExportNamedDeclaration|ExportAllDeclaration)$/.test(type),
    )
    .map(({ source }) => (source as Node | null)?.value)
    .filter((specifier) => typeof specifier === 'string')
}

function inspectProgram(file: string, source: string, program: Node): Violation[] {
  const lineAt = (offset: number) => source.slice(0, offset).split('\n').length
  const found = RULES.filter(({ appliesTo }) => appliesTo(file)).flatMap(({ name, instead, find }) =>
    [...find(program)].map((node) => ({
      rule: name,
      file,
      line: lineAt(node.start),
      found: source.slice(node.start, node.end).split('\n')[0] ?? '',
      instead,
    })),
  )
  return isFolderIndex(file) ? [...found, folderIndex(file)] : found
}

const isFolderIndex = (file: string): boolean => /^src\/.+\/index\.[cm]?[jt]sx?$/.test(file)
const folderIndex = (file: string): Violation => ({
  rule: 'no-folder-index',
  file,
  found: 'a folder index',
  instead: 'Import the file that defines the thing; name this one after what it does.',
})

const named = (node: unknown, name: string): boolean => {
  const { type, name: own, value } = (node ?? {}) as Partial<Node>
  return (type === 'Identifier' && own === name) || (type === 'Literal' && value === name)
}

function readsEnvironment(node: Node): boolean {
  if (node.type === 'MemberExpression') {
    const object = unwrap(node.object as Node)
    return named(node.property, 'env') && (named(object, 'process') || named(object.property, 'process'))
  }
  if (node.type === 'ImportDeclaration') return /^(node:)?process$/.test(String((node.source as Node).value))
  if (node.type !== 'VariableDeclarator' || !named(node.init, 'process')) return false
  const { type, properties } = node.id as Node
  return type === 'ObjectPattern' && (properties as Node[]).some(({ key }) => named(key, 'env'))
}

function isDefaultExport(node: Node): boolean {
  if (node.type === 'ExportDefaultDeclaration') return true
  return node.type === 'ExportSpecifier' && named(node.exported, 'default')
}

const waits = ({ type, await: isAwaited }: Node): boolean =>
  type === 'AwaitExpression' || (type === 'ForOfStatement' && isAwaited === true)

function isLiteral(node: unknown): boolean {
  const { type, expressions } = (node ?? {}) as Partial<Node>
  return type === 'Literal' || (type === 'TemplateLiteral' && Array.isArray(expressions) && expressions.length === 0)
}
