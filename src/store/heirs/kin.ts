/** Rows of traces → what each of them has of the nearest row above it, where it says nothing itself. */

/** In the words of `capture/otel/kin.ts`, and the run. */
export const INHERITED = ['session_id', 'user_id', 'project_id', 'agent_id', 'run_id'] as const
export type Inherited = (typeof INHERITED)[number]

/** A row as far as its relatives go. */
export type Kin = {
  readonly id: string
  readonly created_at: string
  readonly tenant_id: string
  readonly trace_id: string
} & { readonly [Column in 'span_id' | 'parent_span_id' | Inherited]?: string | null }

export interface Heir {
  readonly created_at: string
  readonly event_id: string
  readonly field: Inherited
  readonly value: string
  /** The row that says it, and those columns of it by which viewers see it. */
  readonly from_at: string
  readonly from_id: string
  readonly tenant_id: string
  readonly user_id: string | null
  readonly project_id: string | null
  readonly session_id: string | null
}

/** What its rows say together: of a span that is told twice, the one may say what the other could not know yet. */
interface Span {
  parent: string | undefined
  isNew: boolean
  readonly own: Map<Inherited, Said>
}

interface Said {
  readonly value: string
  readonly from: Kin
}

/** A chain that is longer is broken, or a ring. */
const MAX_STEPS = 100

/** What the new rows of traces bring: for themselves, and for all below them. */
export function toHeirs(traces: Iterable<readonly Kin[]>, isNew: (row: Kin) => boolean): readonly Heir[] {
  return [...traces].flatMap((trace) => {
    if (trace.length === 1) return []
    const spans = toSpans(trace.toSorted(byTime), isNew)
    const said = INHERITED.filter((field) => [...spans.values()].some(({ own }) => own.has(field)))
    return trace.flatMap((row) => toHeirsOf(row, { spans, said, isNew: isNew(row) }))
  })
}

/** Another tenant's trace with the same id is another trace. */
export const toTraceKey = ({ trace_id, tenant_id }: Pick<Kin, 'trace_id' | 'tenant_id'>): string =>
  `${trace_id} ${tenant_id}`

const byTime = (a: Kin, b: Kin): number => (a.created_at + a.id < b.created_at + b.id ? -1 : 1)

function toSpans(trace: readonly Kin[], isNew: (row: Kin) => boolean): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>()
  for (const row of trace) {
    if (!row.span_id) continue
    const span = spans.get(row.span_id) ?? { parent: undefined, isNew: false, own: new Map() }
    spans.set(row.span_id, span)
    span.parent ??= row.parent_span_id ?? undefined
    span.isNew ||= isNew(row)
    for (const field of INHERITED) {
      const value = row[field]
      if (value && !span.own.has(field)) span.own.set(field, { value, from: row })
    }
  }
  return spans
}

interface Around {
  readonly spans: ReadonlyMap<string, Span>
  /** By any span of its trace. */
  readonly said: readonly Inherited[]
  readonly isNew: boolean
}

function toHeirsOf(row: Kin, { spans, said, isNew }: Around): Heir[] {
  const heirs: Heir[] = []
  let missing = said.filter((field) => !row[field])
  // What leads only through what was there before, was found before.
  let brings = isNew
  let next = row.span_id ?? row.parent_span_id ?? undefined
  for (let step = 0; step < MAX_STEPS && next !== undefined && missing.length > 0; step++) {
    const span = spans.get(next)
    if (!span) break
    brings ||= span.isNew
    missing = missing.filter((field) => {
      const found = span.own.get(field)
      if (found && brings) heirs.push(toHeir(row, field, found))
      return !found
    })
    next = span.parent
  }
  return heirs
}

const toHeir = (row: Kin, field: Inherited, { value, from }: Said): Heir => ({
  ...{ created_at: row.created_at, event_id: row.id, field, value, from_at: from.created_at, from_id: from.id },
  ...{ tenant_id: from.tenant_id, user_id: from.user_id ?? null },
  ...{ project_id: from.project_id ?? null, session_id: from.session_id ?? null },
})
