/** Finds what a module does while it loads: statements that act, and calls that open, start or read something. */
import { childrenOf, isFunction, type Node, nodesOf, unwrap } from './syntax.ts'

const DECLARATION = /^(Import|Export|TS|FunctionDeclaration|ClassDeclaration|VariableDeclaration|EmptyStatement)/
/** Calls that only finish a value made in this file. */
const FINISHING = /^(Object\.(freeze|seal|assign|defineProperty|defineProperties)|\w+\.setClass)$/
const ACTING_GLOBALS = new Set(
  'process console fetch setTimeout setInterval setImmediate queueMicrotask WebSocket EventSource Worker'.split(' '),
)
const ACTING_MODULES = new Set(
  'fs fs/promises child_process cluster dgram dns http http2 https net os readline timers timers/promises tls worker_threads'.split(
    ' ',
  ),
)

export function findWorkAtImport(program: Node): Node[] {
  const statements = program.body as Node[]
  const acting = new Set([...ACTING_GLOBALS, ...statements.flatMap(actingImports)])
  const functions = new Map(statements.flatMap(localFunctions))
  return statements.flatMap((statement) => {
    if (!DECLARATION.test(statement.type) && !isHarmless(statement)) return [statement]
    return workIn(statement, { acting, functions, seen: new Set() })
  })
}

interface Scope {
  readonly acting: ReadonlySet<string>
  readonly functions: ReadonlyMap<string, Node>
  readonly seen: Set<string>
}

/** Calls that act, also inside functions of this file that are called while it loads. */
function workIn(node: Node, scope: Scope): Node[] {
  return nodesOf(node, { intoFunctions: false }).flatMap((found): Node[] => {
    if (isEnvironment(found)) return [found]
    if (found.type !== 'CallExpression' && found.type !== 'NewExpression') return []
    const callee = unwrap(found.callee as Node)
    if (isFunction(callee)) return [found]
    const name = rootOf(callee)
    if (scope.acting.has(name)) return [found]
    const local = scope.functions.get(name)
    if (!local || callee.type !== 'Identifier' || scope.seen.has(name)) return []
    scope.seen.add(name)
    return childrenOf(local).some((child) => workIn(child, scope).length > 0) ? [found] : []
  })
}

function isHarmless(statement: Node): boolean {
  if (statement.type !== 'ExpressionStatement') return false
  const { type, callee } = statement.expression as Node
  return statement.directive != null || (type === 'CallExpression' && FINISHING.test(pathOf(callee as Node)))
}

const isEnvironment = (node: Node): boolean => node.type === 'MemberExpression' && pathOf(node) === 'process.env'

/** `a.b.c` of a plain member expression. */
function pathOf(wrapped: Node): string {
  const node = unwrap(wrapped)
  if (node.type === 'Identifier') return String(node.name)
  if (node.type === 'MemberExpression') return `${pathOf(node.object as Node)}.${pathOf(node.property as Node)}`
  return '?'
}

/** `a` of `a.b().c`. */
function rootOf(wrapped: Node): string {
  const node = unwrap(wrapped)
  if (node.type === 'MemberExpression') return rootOf(node.object as Node)
  if (node.type === 'CallExpression') return rootOf(node.callee as Node)
  return node.type === 'Identifier' ? String(node.name) : ''
}

function actingImports(statement: Node): string[] {
  if (statement.type !== 'ImportDeclaration' || statement.importKind === 'type') return []
  const from = String((statement.source as Node).value).replace(/^node:/, '')
  if (!ACTING_MODULES.has(from)) return []
  return (statement.specifiers as Node[]).map(({ local }) => String((local as Node).name))
}

function localFunctions(statement: Node): [string, Node][] {
  const declared = (statement.declaration ?? statement) as Node
  if (declared.type === 'FunctionDeclaration') return [[String((declared.id as Node).name), declared]]
  if (declared.type !== 'VariableDeclaration') return []
  return (declared.declarations as Node[]).flatMap(({ id, init }): [string, Node][] =>
    init && isFunction(init as Node) ? [[String((id as Node).name), init as Node]] : [],
  )
}
