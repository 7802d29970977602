/** Who tells: spans and log records with what is known of the spans around them. */
import { above, type Find, LEAVES, toIds, toKnown, toOwnIds, toPlace } from './kin.ts'
import type { Known, Trace } from './known-trace.ts'
import type { Memory } from './memory.ts'
import { type Ended, notBefore, toEnded } from './order.ts'
import type { LogRecord, Span } from './span.ts'
import type { SpanTeller, Teller } from './telling.ts'
import { toCalled } from './tools.ts'

export interface Tellers {
  /** In the order in which they ended, so that a model's call comes before the tool's that it asked for. */
  ofSpans(batch: readonly Span[]): Generator<SpanTeller>
  ofLog(record: LogRecord): Teller
}

/** A trace as one batch sees it. */
interface View {
  readonly trace: Trace
  readonly find: Find
  /** A batch may hold more than is remembered. */
  readonly near: Map<string, Known>
}

function toView(trace: Trace): View {
  const near = new Map<string, Known>()
  return { trace, near, find: (span_id) => near.get(span_id) ?? trace.find(span_id) }
}

/** `tenant_id`: nothing is inherited from another tenant's spans, whatever their ids. */
export function createTellers(memory: Memory, tenant_id: string | undefined): Tellers {
  const toScope = (kind: string, id: string | undefined) => (key: string) =>
    id === undefined ? undefined : JSON.stringify([tenant_id ?? null, kind, id, key])

  function* ofSpans(batch: readonly Span[]): Generator<SpanTeller> {
    const views = new Map<string, View>()
    const viewOf = ({ trace_id }: Span): View => {
      const view = views.get(trace_id) ?? toView(memory.trace(trace_id, tenant_id))
      views.set(trace_id, view)
      return view
    }
    for (const span of batch) {
      const { trace, near } = viewOf(span)
      near.set(span.span_id, remember(span, trace))
    }
    for (const ended of toEnded(batch, viewOf)) yield toSpanTeller(ended, viewOf(ended.span))
  }

  function remember(span: Span, trace: Trace): Known {
    const fresh = toKnown(span)
    // What its call was given when it started.
    const { tool_call_id, askedMicros } = trace.find(span.span_id) ?? fresh
    const known = { ...fresh, tool_call_id: fresh.tool_call_id ?? tool_call_id, askedMicros }
    trace.remember(span.span_id, known)
    const outer = LEAVES.has(known.operation) && toOuter(span.trace_id, span.parent_span_id, known)
    if (outer) memory.tell(outer)
    return known
  }

  /** That something below a span is of a kind. */
  const toOuter = (trace_id: string, span_id: string | undefined, { operation }: Known): string | undefined =>
    span_id === undefined ? undefined : toScope('trace', trace_id)(`outer:${span_id}:${operation}`)

  function toSpanTeller({ span, endMicros }: Ended, { trace, find }: View): SpanTeller {
    const { trace_id, span_id, parent_span_id, resource, scope } = span
    const known = find(span_id) ?? toKnown(span)
    const ids = toIds(known, find, span)
    const outer = toOuter(trace_id, span_id, known)
    const operation = toPlace(known, find, outer !== undefined && memory.isTold(outer))
    const teller = {
      ...{ span, trace_id, span_id, parent_span_id, resource, scope, ids, trace, find, operation, endMicros },
      ...{ own_operation: known.operation, tool_call_id: known.tool_call_id },
      inTrace: toScope('trace', trace_id),
      inSession: toScope('session', ids.session_id),
    }
    if (operation !== 'tool') return teller
    const called = toCalled(known, span_id, trace)
    if (called.askedMicros !== undefined) trace.remember(span_id, called)
    return { ...teller, tool_call_id: called.tool_call_id, endMicros: notBefore(endMicros, called.askedMicros) }
  }

  const ofLog = (record: LogRecord): Teller => {
    const { trace_id, span_id, resource, scope } = record
    const trace = memory.trace(trace_id ?? '', tenant_id)
    const find: Find = trace_id === undefined ? () => undefined : trace.find
    const ids = toIds({ ids: toOwnIds(record, record.attributes), parent_span_id: span_id }, find, record)
    const [around] = above(span_id, find)
    return {
      ...{ trace_id, span_id, parent_span_id: around?.parent_span_id, resource, scope, ids, trace, find },
      inTrace: toScope('trace', trace_id),
      inSession: toScope('session', ids.session_id),
    }
  }

  return { ofSpans, ofLog }
}
