/**
 * When a span ended, as its relatives tell it. The SDK of JavaScript starts the clock of each span at a whole millisecond, so
 * that a parent can seem to end before its last child, and a tool before it was asked for.
 */
import { above, type Find } from './kin.ts'
import type { Trace } from './known-trace.ts'
import type { Span } from './span.ts'

/** What is further apart did end so. */
const BLUR_MICROS = 2_000
/** Room for what is told just after the end. */
const ROOM_MICROS = 4

/** Not before what must have come before it, if that is only a blur. */
export const notBefore = (micros: number, before: number | undefined): number =>
  before !== undefined && before + ROOM_MICROS > micros && before - micros < BLUR_MICROS ? before + ROOM_MICROS : micros

export interface Ended {
  readonly span: Span
  readonly endMicros: number
}

/** In the order in which they ended, a child before its parent. */
export function toEnded(
  batch: readonly Span[],
  of: (span: Span) => { readonly trace: Trace; readonly find: Find },
): readonly Ended[] {
  const deepFirst = batch
    .map((span) => ({ span, depth: [...above(span.parent_span_id, of(span).find)].length }))
    .toSorted((a, b) => b.depth - a.depth)
  const ended = deepFirst.map(({ span }) => {
    const { trace } = of(span)
    const endMicros = notBefore(span.endMicros ?? span.startMicros, trace.lastBelow(span.span_id))
    if (span.parent_span_id !== undefined && span.endMicros !== undefined) trace.end(span.parent_span_id, endMicros)
    return { span, endMicros }
  })
  return ended.toSorted((a, b) => a.endMicros - b.endMicros)
}
