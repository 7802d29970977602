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
    log: (draft) => sink.event({ ...fromContext(), ...draft }),
    error: (error, fields) => {
      const { parent_span_id: _, ...context } = fromContext()
      return sink.error({ ...context, ...fields, error })
    },
    withContext: runInContext,
  }
}

/** Ids of the work around; the span around is the parent of what is logged in it. */
function fromContext(): Context {
  const span = activeTrace()
  const context = currentContext()
  return span ? { ...context, trace_id: span.trace_id, parent_span_id: span.span_id } : (context ?? {})
}
