/** One call of a tool: run in a context of its own, timed, and written down before and after. */
import { types } from 'node:util'
import { toReason } from '../../event/fault.ts'
import { toSpanId, toTraceId } from '../../event/trace.ts'
import { type Context, currentContext, runInContext } from '../context.ts'
import { join, read, readFact } from '../facts.ts'
import type { Fact } from '../family.ts'
import type { Log } from '../log.ts'
import { activeTrace } from '../trace.ts'
import { toCallId, toElapsedMs, toShared } from './call.ts'
import { follow } from './follow.ts'
import type { AgentSteps } from './steps.ts'

/**
 * Calls `fn(args)` and logs TOOL_REQUEST before, then TOOL_RESULT or TOOL_ERROR with `duration_ms`, all with one
 * `tool_call_id`. Arguments and a plain result (text, number, list, object) are in the `payload`, secrets removed. What is
 * logged inside has the ids of the agent and of the call's trace. A failure is an error in the error log too, and the
 * very same value is thrown on.
 *
 * What `fn` gives is given back: what is not a promise as it is and at once; a promise as one of the same value, so that
 * a rejection that nobody looks at is still reported by Node. Another thenable, such as a query that runs when it is
 * awaited, is followed when somebody waits for it.
 * @param fields more columns of the three events, such as the `tool_call_id` that the model gave; made when left out. `cost` and
 *   tokens are on the first alone, so that they count once
 */
export type RunTool = <A, R>(name: string, args: A, fn: (args: A) => R, fields?: Fact<'TOOL_REQUEST'>) => R

interface Parts {
  readonly steps: Pick<AgentSteps, 'toolRequested' | 'toolCompleted' | 'toolFailed'>
  readonly error: Log['error']
  /** Columns of whatever is logged inside. */
  readonly context: Context
}

export function createTool(parts: Parts): RunTool {
  return (name, args, fn, fields) => {
    const call = begin(parts, name, args, fields)
    return follow(() => runInContext(call.context, () => fn(args)), call)
  }
}

function begin(
  { steps, error, context: { actor_type, on_behalf_of, ...who } }: Parts,
  tool_name: string,
  args: unknown,
  fields: unknown,
) {
  const given = readFact(fields)
  const trace_id = activeTrace()?.trace_id ?? who.trace_id ?? currentContext()?.trace_id ?? toTraceId()
  const span_id = toSpanId()
  const ids = { tool_call_id: toCallId(), trace_id, ...toShared(given), tool_name, span_id }
  steps.toolRequested({ ...given, ...ids, payload: join(given.payload, { args }) } as object)
  const startedAt = performance.now()

  const completed = (result: unknown): void => {
    const duration_ms = toElapsedMs(startedAt)
    steps.toolCompleted({ ...ids, duration_ms, ...(isPlain(result) ? { payload: { result } } : {}) } as object)
  }
  const failed = (thrown: unknown): void => {
    const [duration_ms, error_code] = [toElapsedMs(startedAt), toCode(thrown)]
    const event = steps.toolFailed({ ...ids, duration_ms, error_code, payload: { error: toReason(thrown) } } as object)
    error(thrown, { ...who, trace_id: ids.trace_id, span_id, event_id: event?.id })
  }
  const by = actor_type ? { actor_type, on_behalf_of } : {}
  const inside = { trace_id: ids.trace_id, parent_span_id: span_id, tool_name, tool_call_id: ids.tool_call_id }
  return { context: { ...who, ...by, ...inside }, completed, failed }
}

/** A client or a stream is no result to write down. */
function isPlain(result: unknown): boolean {
  if (result === undefined || typeof result === 'function' || types.isProxy(result)) return false
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return true
  const prototype: unknown = Object.getPrototypeOf(result)
  // The plain objects of another realm have a prototype of their own, which has none.
  return prototype === null || (!types.isProxy(prototype) && Object.getPrototypeOf(prototype) === null)
}

const toCode = (thrown: unknown): string => {
  const code = read(thrown, 'code') ?? read(thrown, 'name')
  return typeof code === 'string' || typeof code === 'number' ? String(code) : 'THROWN'
}
