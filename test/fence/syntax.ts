/** Walks an ESTree. */

export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

const FUNCTION = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/

export const isFunction = (node: Node): boolean => FUNCTION.test(node.type)

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string'

export function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter(isNode)
}

const WRAPPER = /^(ParenthesizedExpression|TSAsExpression|TSSatisfiesExpression|TSNonNullExpression|ChainExpression)$/

/** The expression inside parentheses, casts and optional chains. */
export function unwrap(node: Node): Node {
  return WRAPPER.test(node.type) ? unwrap(node.expression as Node) : node
}

/** The node and all below it; without `intoFunctions`, what runs when the file loads. */
export function nodesOf(node: Node, { intoFunctions = true } = {}): Node[] {
  if (!intoFunctions && runsLater(node)) return []
  return [node, ...childrenOf(node).flatMap((child) => nodesOf(child, { intoFunctions }))]
}

const runsLater = (node: Node): boolean =>
  isFunction(node) || ((node.type === 'PropertyDefinition' || node.type === 'AccessorProperty') && node.static !== true)
