/** A trace's events and errors as bars on one scale. An event is told when it ends, so it began its duration earlier. */
import type { Params } from '../address.ts'
import type { EventRow, TraceTree } from '../client.ts'
import { toActor, toHeadline } from '../format.ts'

export interface Bar {
  readonly key: string
  readonly depth: number
  readonly type: string
  readonly text: string
  readonly category?: string | undefined
  readonly isBad: boolean
  readonly isMissing: boolean
  /** Undefined for what only happened. */
  readonly tookMs?: number | undefined
  /** Where it begins, 0 to 1, and how much of the scale it takes. */
  readonly from: number
  readonly part: number
  readonly to?: Params
}

type Draft = Omit<Bar, 'from' | 'part'> & { readonly startMs: number; readonly endMs: number }

export function toBars(trace: TraceTree): { readonly bars: readonly Bar[]; readonly spanMs: number } {
  const drafts = trace.nodes.flatMap(toDrafts)
  const told = drafts.filter((draft) => !draft.isMissing)
  const first = told.reduce((least, draft) => Math.min(least, draft.startMs), Number.POSITIVE_INFINITY)
  const last = told.reduce((most, draft) => Math.max(most, draft.endMs), first)
  const spanMs = Math.max(last - first, 1)
  const bars = drafts.map(({ startMs, endMs, ...bar }) => ({
    ...bar,
    from: bar.isMissing ? 0 : (startMs - first) / spanMs,
    part: (endMs - startMs) / spanMs,
  }))
  return { bars, spanMs }
}

function toDrafts({ span_id, depth, missing, events, errors }: TraceTree['nodes'][number]): Draft[] {
  if (missing) return [{ ...NOT_HERE, key: `missing ${span_id}`, depth }]
  const ofErrors = errors.map((error): Draft => {
    const at = Date.parse(error.created_at)
    return {
      key: error.id,
      depth: depth + (events.length > 0 ? 1 : 0),
      type: error.error_type,
      text: error.message,
      isBad: true,
      isMissing: false,
      startMs: at,
      endMs: at,
      to: error.fingerprint ? { view: 'errors', group: error.fingerprint } : { view: 'errors' },
    }
  })
  return [...events.map((event) => ofEvent(event, depth)), ...ofErrors]
}

function ofEvent(event: EventRow, depth: number): Draft {
  const { request, text } = toHeadline(event)
  const endMs = Date.parse(event.timestamp)
  return {
    key: event.id,
    depth,
    type: event.event_type,
    text: [request ?? toActor(event), text].filter(Boolean).join(' · '),
    category: event.category,
    isBad: event.status === 'failure',
    isMissing: false,
    tookMs: event.duration_ms,
    startMs: endMs - (event.duration_ms ?? 0),
    endMs,
    to: { view: 'event', id: event.id },
  }
}

const NOT_HERE: Omit<Draft, 'key' | 'depth'> = {
  type: 'Not here',
  text: 'a span that others name as their parent: never stored, or not yours to see',
  isBad: false,
  isMissing: true,
  startMs: 0,
  endMs: 0,
}
