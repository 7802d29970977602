/** A span among its relatives: who is above it, what it has from them, and what it is in their sight. */
import { toOperation } from './classify.ts'
import type { Operation } from './dialect.ts'
import { type Ids, type Known, toKept, toShort } from './known-trace.ts'
import { liftText } from './lifts.ts'
import type { Attributes, Source, Span } from './span.ts'

/** Gives what is known of a span of the same trace. */
export type Find = (span_id: string) => Known | undefined

const ID_NAMES = ['session_id', 'user_id', 'project_id'] as const

export function toKnown(span: Span): Known {
  const operation = toOperation(span)
  const { parent_span_id, startMicros } = span
  const tool = operation === 'tool' ? span : undefined
  return {
    ...{ parent_span_id, operation, startMicros, ids: toKept({ ...toIdsOf(span), agent_id: toAgentId(span) }) },
    tool_name: tool && toShort(liftText('tool_name', tool)),
    tool_call_id: tool && toShort(liftText('tool_call_id', tool)),
    askedMicros: undefined,
  }
}

const toIdsOf = (span: Span): Ids => Object.fromEntries(ID_NAMES.map((name) => [name, liftText(name, span)] as const))

/** Its id; else its name, which is what most have. */
const toAgentId = (span: Span): string | undefined => liftText('agent_id', span) ?? liftText('agent_name', span)

/** Those that attributes give, of whatever they are. */
export function toOwnIds(source: Source, attributes: Attributes): Ids {
  const span: Span = { ...NOBODY, resource: source.resource, scope: source.scope, attributes }
  return { ...toIdsOf(span), agent_id: toAgentId(span) }
}

const NOBODY: Omit<Span, 'resource' | 'scope' | 'attributes'> = {
  ...{ trace_id: '', span_id: '', parent_span_id: undefined, name: '', kind: 'unspecified', startMicros: 0 },
  ...{ endMicros: undefined, status: 'unset', status_message: '', events: [] },
}

/** A chain that is longer is broken, or a ring. */
const MAX_STEPS = 100

/** Those above it as far as they are known, the nearest first. */
export function* above(
  parent_span_id: string | undefined,
  find: Find,
): Generator<Known & { readonly span_id: string }> {
  let next = parent_span_id
  for (let step = 0; step < MAX_STEPS && next !== undefined; step++) {
    const known = find(next)
    if (!known) return
    yield { ...known, span_id: next }
    next = known.parent_span_id
  }
}

/** Its own ids, else those of the nearest above it, else those of the process. */
export function toIds({ ids, parent_span_id }: Pick<Known, 'ids' | 'parent_span_id'>, find: Find, source: Source): Ids {
  const line = [ids, ...[...above(parent_span_id, find)].map((known) => known.ids), toOwnIds(source, source.resource)]
  return Object.fromEntries(
    ([...ID_NAMES, 'agent_id'] as const).map((name) => [name, line.find((one) => one[name] !== undefined)?.[name]]),
  )
}

/** What it is in the sight of its relatives. `isOuter`: something below it is of the same kind and tells the same. */
export function toPlace(known: Known, find: Find, isOuter: boolean): Operation {
  const { operation } = known
  if (operation === 'chain') return isRoot(known, find) ? 'task' : 'node'
  if (operation === 'tool') return isInTool(known, find) ? 'node' : 'tool'
  return isOuter && LEAVES.has(operation) ? 'node' : operation
}

/** Nothing is above it but the HTTP request that it serves. */
function isRoot({ parent_span_id }: Known, find: Find): boolean {
  let top = parent_span_id
  for (const { operation, parent_span_id: next } of above(parent_span_id, find)) {
    if (operation === 'request') return true
    if (operation !== 'node') return false
    top = next
  }
  return top === undefined
}

/** A call of a tool that is told by the framework and by the protocol below it is one call. */
function isInTool({ parent_span_id, tool_name }: Known, find: Find): boolean {
  for (const one of above(parent_span_id, find)) {
    if (one.operation === 'agent') return false
    if (one.operation === 'tool') return one.tool_name === tool_name
  }
  return false
}

/** Their tokens are counted, and only once. */
export const LEAVES: ReadonlySet<Operation> = new Set<Operation>(['model', 'embedding', 'retrieval'])
