/** What the other hallways need of an event log, kept off the object that a host holds. */
import type { Config } from './config/resolve.ts'
import type { Supervisor } from './drain/supervisor.ts'
import type { Health, Sink } from './event/ports.ts'

export interface Internals {
  readonly config: Config
  readonly sink: Sink
  readonly supervisor: Supervisor
  readonly health: () => Health
}

/** The same once it is made. */
export interface Opened extends Internals {
  /** Loads the API, which the first request would do otherwise. Never rejects: a request that finds none tries again. */
  readonly warmUp: () => Promise<void>
}

const internals = new WeakMap<object, Opened>()

export const keepInternals = (logging: object, parts: Opened): void => void internals.set(logging, parts)

/** Throws TypeError for what `eventLogging` did not make. */
export function toInternals(logging: object): Opened {
  const found = internals.get(logging)
  if (!found) throw new TypeError('logging: expected what eventLogging() returned.')
  return found
}
