/** Trace ids: W3C Trace Context level 1, https://www.w3.org/TR/trace-context/ */
import { createDraw, isHexText, isUuid } from './id.ts'

export interface TraceParent {
  readonly trace_id: string
  readonly span_id: string
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/
const ZERO = /^0+$/
/** Versions to come may be longer, but not without end. */
const MAX_CHARS = 512

/** The ids of a `traceparent` header; undefined when it is absent or invalid, all-zero ids included. */
export function parseTraceparent(header: unknown): TraceParent | undefined {
  const match = typeof header === 'string' && header.length <= MAX_CHARS ? TRACEPARENT.exec(header.trim()) : null
  if (!match) return undefined
  const [, version, trace_id, span_id, extra] = match
  if (!trace_id || !span_id || version === 'ff' || (version === '00' && extra)) return undefined
  return ZERO.test(trace_id) || ZERO.test(span_id) ? undefined : { trace_id, span_id }
}

export const toTraceId: () => string = createDraw(32)
export const toSpanId: () => string = createDraw(16)

export const isSpanId = (text: unknown): text is string => typeof text === 'string' && isHexText(text, 16)

const UUID_CHARS = 36
const isTraceId = (text: string): boolean => isHexText(text, 32) && text !== NO_TRACE
const NO_TRACE = '0'.repeat(32)

/** The 32 hex digits of a trace id given as such or as a UUID (as front ends make them); undefined for other text. */
export function normaliseTraceId(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > UUID_CHARS) return undefined
  if (isTraceId(text)) return text
  const hex = (isUuid(text) ? text.replaceAll('-', '') : text).toLowerCase()
  return isTraceId(hex) ? hex : undefined
}
