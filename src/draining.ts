/** Hallway: the drain's thread as the app's thread starts it, and what both know of how far it is. */

import { withoutSpans } from './capture/otel/suppress.ts'
import type { Config } from './config/config.ts'
import { DRAIN } from './config/defaults.ts'
import { readVersion } from './config/package.ts'
import { createSupervisor, type Supervisor } from './drain/supervisor.ts'
import type { Draft } from './event/event.ts'
import type { DrainStatus } from './event/ports/drain.ts'
import type { Health } from './event/ports/health.ts'
import type { Spool, SpoolStats } from './event/ports/spool.ts'
import type { Signals } from './event/signals.ts'
import type { OutRecord } from './forward/out-record.ts'
import { createSdkOutlet } from './forward/sdk-outlet.ts'
import { toHostPort } from './host-database.ts'

interface Started {
  readonly mark: string
  readonly signals: Signals
  readonly spool: Spool
  /** To be called when the drain says how far it is. */
  readonly rings: ReadonlySet<() => void>
  readonly onEvent: (draft: Draft) => void
}

export function startDrain(config: Config, { mark, signals, spool, rings, onEvent }: Started): Supervisor {
  const { dir, databaseUrl, references, retention, archive, service, host, risk, alerts, onNotice } = config
  const version = readVersion()
  const forward = config.forward && { http: config.forward.http, version }
  const outlet = config.forward?.to && createSdkOutlet(config.forward.to, version)
  // Source and build differ in the ending of their files.
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return createSupervisor({
    entry: new URL(`./drain-thread.${ending}`, import.meta.url),
    data: { dir, mark, signals, databaseUrl, references, retention, archive, forward, service, host, risk, alerts },
    hostPort: toHostPort(config.orm),
    signals,
    restartMs: DRAIN.restartMs,
    hangMs: DRAIN.hangMs,
    onStatus: ({ waiting_bytes }) => {
      spool.setBacklog(waiting_bytes)
      for (const ring of rings) ring()
    },
    onNotice,
    onEvent,
    // The records that the thread has made; they were cloned on the way.
    ...(outlet && { onErrand: (records) => withoutSpans(() => outlet(records as OutRecord[])) }),
  })
}

export function toHealth(spool: SpoolStats, drain: DrainStatus): Omit<Health, 'tally' | 'caches'> {
  const { oldest_waiting } = drain
  return {
    spool,
    drain,
    waiting: drain.state === 'standby' ? null : Math.max(0, spool.appended - drain.own),
    lag_ms: oldest_waiting === null ? 0 : Math.max(0, Date.now() - Date.parse(oldest_waiting)),
  }
}
