/** Lists and objects that are spread over attributes, such as `llm.input_messages.0.message.role`. */
import type { Attributes, AttributeValue } from './span.ts'

/** Longer lists and deeper paths are of nobody's making. */
const MAX_INDEX = 10_000
const MAX_DEPTH = 12

type Tree = Map<string, Tree | AttributeValue>

/** The list below a prefix; undefined where there is none. Holes close up. */
export function gather(attributes: Attributes, prefix: string): readonly AttributeValue[] | undefined {
  const tree: Tree = new Map()
  for (const name of Object.keys(attributes)) {
    const path = name.startsWith(prefix) ? name.slice(prefix.length).split('.') : []
    if (path.length > 0 && path.length <= MAX_DEPTH && isIndex(path[0] ?? '')) put(tree, path, attributes[name] ?? null)
  }
  return tree.size === 0 ? undefined : toList(tree)
}

const isIndex = (step: string): boolean => /^\d{1,5}$/.test(step) && Number(step) < MAX_INDEX

function put(tree: Tree, [step = '', ...rest]: readonly string[], value: AttributeValue): void {
  if (rest.length === 0) {
    tree.set(step, value)
    return
  }
  const known = tree.get(step)
  const next: Tree = known instanceof Map ? known : new Map()
  tree.set(step, next)
  put(next, rest, value)
}

const toList = (tree: Tree): readonly AttributeValue[] =>
  [...tree].sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => toValue(value))

function toValue(value: Tree | AttributeValue): AttributeValue {
  if (!(value instanceof Map)) return value
  const steps = [...value.keys()]
  return steps.every(isIndex)
    ? toList(value)
    : Object.fromEntries([...value].map(([name, member]) => [name, toValue(member)]))
}
