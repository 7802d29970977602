/** The two ways of writing down that all others end in. */
import type { Draft, ErrorDraft, ErrorEvent, Event } from '../event/event.ts'

export interface Log {
  /**
   * Logs one event; inside of a request it carries the request's ids. Never throws and never waits.
   * @returns the event as it was written to disk, or undefined when it was dropped (`stats()` counts those).
   */
  log(draft: Draft): Event | undefined
  /** Logs an error that was caught, in a job for instance. Never throws. */
  error(error: unknown, fields?: Omit<ErrorDraft, 'error'>): ErrorEvent | undefined
}
