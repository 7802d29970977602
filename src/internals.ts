/** What the other hallways need of an event log, kept off the object that a host holds. */
import type { Telemetry } from './capture/otel/telemetry.ts'
import type { Config } from './config/resolve.ts'
import type { Supervisor } from './drain/supervisor.ts'
import type { Health, Sink } from './event/ports.ts'

export interface Internals {
  readonly config: Config
  readonly sink: Sink
  readonly telemetry: Telemetry
  readonly supervisor: Supervisor
  readonly health: () => Health
}

const internals = new WeakMap<object, Internals>()
/** Event logs that are open, in the order in which they were made. */
const open: Internals[] = []

export function keepInternals(logging: object, parts: Internals): void {
  internals.set(logging, parts)
  open.push(parts)
}

export const forgetInternals = (parts: Internals): void => void open.splice(open.indexOf(parts), 1)

/** The event log of the app, for what was set up before the app was. */
export const latestInternals = (): Internals | undefined => open.at(-1)

/** Throws TypeError for what `eventLogging` did not make. */
export function toInternals(logging: object): Internals {
  const found = internals.get(logging)
  if (!found) throw new TypeError('logging: expected what eventLogging() returned.')
  return found
}
