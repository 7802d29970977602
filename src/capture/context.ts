/** Who and what the running code works for, carried across awaits, so that whatever is logged has the ids of its request. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Draft } from '../event/event.ts'

/** Columns that events made in here get when they don't set them themselves. */
export type Context = Pick<
  Draft,
  | 'trace_id'
  | 'parent_span_id'
  | 'request_id'
  | 'user_id'
  | 'session_id'
  | 'project_id'
  | 'run_id'
  | 'agent_id'
  | 'tool_name'
  | 'tool_call_id'
  | 'actor_type'
  | 'on_behalf_of'
  | 'tenant_id'
>

const storage = new AsyncLocalStorage<Context>()

export const currentContext = (): Context | undefined => storage.getStore()

/** Runs `work` with these columns on top of those around it. */
export function runInContext<T>(context: Context, work: () => T): T {
  const outer = storage.getStore()
  return storage.run(outer ? { ...outer, ...context } : context, work)
}

/** Runs `work` with these columns alone: requests on one socket must not inherit from each other. */
export const runInFreshContext = <T>(context: Context, work: () => T): T => storage.run(context, work)
