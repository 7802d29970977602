/** Errors that are in the error log already: a tool's failure, or one that the app logs itself, is often thrown on. */
import type { Sink } from '../event/ports/sink.ts'
import { read } from './facts.ts'

/** Whether an error is in the error log under this trace. */
export type IsTold = (error: unknown, trace_id: string) => boolean

/**
 * Whether an error was told of one of these requests, each named by the span of its server; from now on it was.
 * Instrumentation writes down, on a span below, what `errorHandler` is given as well, and neither knows who is first.
 */
export type IsToldOf = (span_ids: readonly string[], error: unknown) => boolean

export interface Told {
  readonly sink: Sink
  readonly isTold: IsTold
  readonly isToldOf: IsToldOf
}

const MAX_REQUESTS = 1_000
const MAX_CHARS = 1_024

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'

/** What is no object is the same as another of its value, and is not remembered. */
export function remembersErrors(sink: Sink): Told {
  const told = new WeakMap<object, unknown>()
  const error: Sink['error'] = (draft) => {
    const event = sink.error(draft)
    // One object may be thrown by many requests.
    if (event && isObject(draft.error)) told.set(draft.error, draft.trace_id)
    return event
  }
  return {
    sink: { ...sink, error },
    isTold: (thrown, trace_id) => isObject(thrown) && told.get(thrown) === trace_id,
    isToldOf: createToldOf(),
  }
}

/** By the message alone: OpenTelemetry takes an error's `code` for its type. */
function createToldOf(): IsToldOf {
  const told = new Set<string>()
  return (span_ids, error) => {
    const message = String(read(error, 'message')).slice(0, MAX_CHARS)
    const keys = span_ids.map((id) => `${id} ${message}`)
    if (keys.some((key) => told.has(key))) return true
    for (const key of keys) told.add(key)
    for (const oldest of told) {
      if (told.size <= MAX_REQUESTS) break
      told.delete(oldest)
    }
    return false
  }
}
