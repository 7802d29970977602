/** Errors that are in the error log already: a tool's failure, or one that the app logs itself, is often thrown on. */
import type { Sink } from '../event/ports.ts'

/** Whether an error is in the error log under this trace. */
export type IsTold = (error: unknown, trace_id: string) => boolean

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'

/** What is no object is the same as another of its value, and is not remembered. */
export function remembersErrors(sink: Sink): { readonly sink: Sink; readonly isTold: IsTold } {
  const told = new WeakMap<object, unknown>()
  const error: Sink['error'] = (draft) => {
    const event = sink.error(draft)
    // One object may be thrown by many requests.
    if (event && isObject(draft.error)) told.set(draft.error, draft.trace_id)
    return event
  }
  return { sink: { ...sink, error }, isTold: (thrown, trace_id) => isObject(thrown) && told.get(thrown) === trace_id }
}
