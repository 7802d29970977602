/** What an app logs by hand, from anywhere in it. */
import type { Draft } from '../event/event.ts'
import { Fault } from '../event/fault.ts'
import type { FindEvents, Sink } from '../event/ports/sink.ts'
import { type AgentContext, type AgentLogger, createAgentLogger } from './agent/agent.ts'
import { createObserve, type Observe } from './agent/observe.ts'
import { type Caches, createCaches } from './caches.ts'
import { type Context, currentContext, runInContext } from './context.ts'
import { type AppFamilies, FAMILIES } from './families.ts'
import { createFamilies } from './family.ts'
import { createGetEvents, type GetEvents } from './get-events.ts'
import type { Log } from './log.ts'
import { remembersErrors, type Told } from './told.ts'
import { activeTrace } from './trace.ts'

export interface EventLogger extends Log, AppFamilies {
  /** Runs `work`; whatever is logged in it, also after awaits, gets these columns. */
  withContext<T>(context: Context, work: () => T): T
  /** A logger for what an agent does: each of its events has these columns. */
  agent(context: AgentContext): AgentLogger
  readonly observe: Observe
  readonly getEvents: GetEvents
  /** One of your caches had the answer: counted by its name, told in `/metrics` and in each SYSTEM_METRICS. */
  cacheHit(name: string): void
  /** It had not. */
  cacheMiss(name: string): void
}

/** `find`: reads from the store; without it `getEvents` rejects. */
export function createEventLogger(
  sink: Sink,
  find: FindEvents = refuseToRead,
  caches: Caches = createCaches(),
  { sink: remembering, isTold }: Pick<Told, 'sink' | 'isTold'> = remembersErrors(sink),
): EventLogger {
  const log: Log['log'] = (draft) => attempt(() => sink.event(toFilled(draft)))
  const error: Log['error'] = (error, fields) =>
    attempt(() => {
      const { parent_span_id: span_id, ...context } = fromContext()
      return remembering.error({ ...filled(fields ?? {}, { ...context, span_id }), error })
    })
  // What a tool throws passes through the tools that called it, and the app may have logged it.
  const errorOnce: Log['error'] = (thrown, fields) =>
    isTold(thrown, String(fields?.trace_id)) ? undefined : error(thrown, fields)
  return {
    ...createFamilies(FAMILIES, log),
    log,
    error,
    withContext: runInContext,
    agent: (context) => createAgentLogger({ log, error: errorOnce }, context),
    observe: createObserve({ log, error }, sink),
    getEvents: createGetEvents(find),
    cacheHit: caches.hit,
    cacheMiss: caches.miss,
  }
}

const refuseToRead: FindEvents = () =>
  Promise.reject(new Fault('database_unreachable', 'This logger has no database to read from.'))

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** The draft with the columns of the work around. */
export const toFilled = (draft: Draft): Draft => filled(draft, fromContext())

/** The draft with what the context knows and it does not; `undefined` (`user_id: req.user?.id`) is not knowing. */
function filled<D extends object>(draft: D, context: object): D {
  try {
    const whole: D = { ...draft }
    for (const [name, value] of Object.entries(context)) {
      if (Reflect.get(whole, name) === undefined) Reflect.set(whole, name, value)
    }
    return whole
  } catch {
    // It can't be read, here or by the sink, which counts it.
    return draft
  }
}

/** Ids of the work around; the span around is the parent of what is logged in it. */
function fromContext(): Context {
  const span = activeTrace()
  const context = currentContext()
  return span ? { ...context, trace_id: span.trace_id, parent_span_id: span.span_id } : (context ?? {})
}
