/** Rows of one trace → its tree, told from the top. Parents may be missing, and what strangers send may go in circles. */
import type { ErrorFields } from '../event/event.ts'
import type { EventRow } from '../event/query.ts'
import type { TraceNode } from '../event/story.ts'

interface Row {
  readonly created_at?: string
  readonly span_id?: string
  readonly parent_span_id?: string
}

interface Growing {
  readonly span_id: string | null
  parent: string | undefined
  first: string
  readonly events: EventRow[]
  readonly errors: ErrorFields[]
  readonly children: Growing[]
}

/** Events and errors oldest first. */
export function toTraceNodes(events: readonly EventRow[], errors: readonly ErrorFields[]): readonly TraceNode[] {
  const spans = new Map<string, Growing>()
  const loose: Growing[] = []
  const toNode = (row: Row): Growing => {
    const known = row.span_id === undefined ? undefined : spans.get(row.span_id)
    const node = known ?? grow(row)
    if (node.first === '' || (row.created_at ?? '') < node.first) node.first = row.created_at ?? ''
    node.parent ??= row.parent_span_id
    if (!known && node.span_id === null) loose.push(node)
    else if (!known) spans.set(String(node.span_id), node)
    return node
  }
  for (const event of events) toNode(event).events.push(event)
  for (const error of errors) toNode(error).errors.push(error)
  return toList(toRoots(spans, loose))
}

const grow = ({ span_id, parent_span_id, created_at = '' }: Row): Growing => ({
  span_id: span_id ?? null,
  parent: parent_span_id,
  first: created_at,
  events: [],
  errors: [],
  children: [],
})

function toRoots(spans: Map<string, Growing>, loose: readonly Growing[]): readonly Growing[] {
  const all = [...spans.values(), ...loose].sort(byTime)
  const roots: Growing[] = []
  for (const node of all) {
    if (node.parent === undefined || isCircle(node, spans)) {
      roots.push(node)
      continue
    }
    const parent = spans.get(node.parent) ?? missing(node.parent, node.first)
    if (!spans.has(node.parent)) {
      spans.set(node.parent, parent)
      roots.push(parent)
    }
    parent.children.push(node)
  }
  return roots.sort(byTime)
}

const missing = (span_id: string, first: string): Growing => grow({ span_id, created_at: first })

const byTime = (a: Growing, b: Growing): number => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0)

/** Whether its ancestors lead back to it, and it is the first of them: there the circle is opened. */
function isCircle(node: Growing, spans: ReadonlyMap<string, Growing>): boolean {
  const passed = new Set<Growing>()
  let at: Growing | undefined = node
  while (at && !passed.has(at)) {
    passed.add(at)
    at = at.parent === undefined ? undefined : spans.get(at.parent)
  }
  if (at !== node) return false
  return [...passed].every((other) => toKey(node) <= toKey(other))
}

const toKey = ({ first, span_id }: Growing): string => `${first} ${span_id}`

/** Without recursion: a trace may be as deep as it has spans. */
function toList(roots: readonly Growing[]): readonly TraceNode[] {
  const nodes: TraceNode[] = []
  const waiting = roots.map((node) => ({ node, depth: 0 })).reverse()
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, depth } = next
    const { span_id, parent = null, events, errors } = node
    nodes.push({ span_id, parent_span_id: parent, depth, missing: events.length + errors.length === 0, events, errors })
    for (const child of node.children.sort(byTime).reverse()) waiting.push({ node: child, depth: depth + 1 })
  }
  return nodes
}
