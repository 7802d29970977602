/** What the other hallways need of an event log, kept off the object that a host holds. */
import type { Telemetry } from './capture/otel/telemetry.ts'
import type { Config } from './config/config.ts'
import type { Supervisor } from './drain/supervisor.ts'
import type { Health } from './event/ports/health.ts'
import type { Sink } from './event/ports/sink.ts'

export interface Internals {
  readonly config: Config
  readonly sink: Sink
  readonly telemetry: Telemetry
  readonly supervisor: Supervisor
  readonly health: () => Health
  /** Calls when something was stored, as a hint; gives what ends that. */
  readonly onStored: (ring: () => void) => () => void
}

/** The same once it is made. */
export interface Opened extends Internals {
  /** Loads the API, which the first request would do otherwise. Never rejects: a request that finds none tries again. */
  readonly warmUp: () => Promise<void>
  /** Ends streams, exports and replays, which a server that stops would wait for. */
  readonly hangUp: () => Promise<void>
}

const internals = new WeakMap<object, Opened>()
/** Event logs that are open, in the order in which they were made. */
const open: Opened[] = []
let isAnyMade = false

export function keepInternals(logging: object, parts: Opened): void {
  internals.set(logging, parts)
  open.push(parts)
  isAnyMade = true
}

export const forgetInternals = (parts: Opened): void => void open.splice(open.indexOf(parts), 1)

/** The event log of the app, for what was set up before the app was. */
export const latestInternals = (): Internals | undefined => open.at(-1)

/** Whether there ever was one, closed or not. */
export const wasMade = (): boolean => isAnyMade

/** Throws TypeError for what `eventLogging` did not make. */
export function toInternals(logging: object): Opened {
  const found = internals.get(logging)
  if (!found) throw new TypeError('logging: expected what eventLogging() returned.')
  return found
}
