/** What an app logs by hand, from anywhere in it. */
import type { Draft, ErrorDraft, ErrorEvent, Event } from '../event/event.ts'
import type { Sink } from '../event/ports.ts'
import { type Context, currentContext, runInContext } from './context.ts'
import { activeTrace } from './trace.ts'

export interface EventLogger {
  /**
   * Logs one event; inside of a request it carries the request's ids. Never throws and never waits.
   * @returns the event as it was written to disk, or undefined when it was dropped (`stats()` counts those).
   */
  log(draft: Draft): Event | undefined
  /** Logs an error that was caught, in a job for instance. Never throws. */
  error(error: unknown, fields?: Omit<ErrorDraft, 'error'>): ErrorEvent | undefined
  /** Runs `work`; whatever is logged in it, also after awaits, gets these columns. */
  withContext<T>(context: Context, work: () => T): T
}

export function createEventLogger(sink: Sink): EventLogger {
  return {
    log: (draft) => attempt(() => sink.event(filled(draft, fromContext()))),
    error: (error, fields) =>
      attempt(() => {
        const { parent_span_id: span_id, ...context } = fromContext()
        return sink.error({ ...filled(fields ?? {}, { ...context, span_id }), error })
      }),
    withContext: runInContext,
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

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
