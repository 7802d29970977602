/**
 * Spans that are not to become events: those of requests that the middleware has an event of, and with all that is below
 * them those of requests to Daybook itself, or else its page would fill the log by showing it. One for all event logs of
 * the process, as there is one SDK.
 */

/** Spans that never end are forgotten. */
const MAX_SPANS = 10_000

interface SpanIds {
  readonly span_id: string
  readonly parent_span_id?: string | undefined
}

function createSpanSet() {
  const ids = new Set<string>()
  return {
    has: (id: string | undefined): boolean => id !== undefined && ids.has(id),
    add(id: string): void {
      ids.add(id)
      const [oldest] = ids
      if (ids.size > MAX_SPANS && oldest !== undefined) ids.delete(oldest)
    },
  }
}

const captured = createSpanSet()
const disowned = createSpanSet()

export const noteCaptured = ({ span_id }: SpanIds): void => captured.add(span_id)
export const noteDisowned = ({ span_id }: SpanIds): void => disowned.add(span_id)

/** Asked when a span starts and when it ends. */
export function isOwnSpan({ span_id, parent_span_id }: SpanIds): boolean {
  if (disowned.has(span_id)) return true
  if (!disowned.has(parent_span_id)) return false
  disowned.add(span_id)
  return true
}

export const isCaptured = (span_id: string): boolean => captured.has(span_id)
