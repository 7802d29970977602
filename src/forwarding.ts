/** Hallway, in the drain's thread: spool → drain → forward. The events go on to an OpenTelemetry receiver as well. */
import { DRAIN, FORWARD_LINES, FORWARD_TIMEOUT_MS } from './config/defaults.ts'
import { createDrain, type Drain } from './drain/drain.ts'
import type { DrainStatus } from './event/ports/drain.ts'
import type { Archive } from './event/ports/spool.ts'
import type { Signals } from './event/signals.ts'
import { createForwardWriter } from './forward/forward-writer.ts'
import { createHttpOutlet } from './forward/http-outlet.ts'
import type { Outlet } from './forward/outlet.ts'
import { createGoneArchive } from './spool/archive.ts'
import { readInstance } from './spool/instance.ts'
import { createProgress } from './spool/progress.ts'
import { createReader } from './spool/reader.ts'

export interface ForwardData {
  /** Undefined where the host's own exporter or logger takes the events, on the app's thread. */
  readonly http: { readonly url: string; readonly headers: Readonly<Record<string, string>> } | undefined
  readonly version: string
}

export interface ForwardingParts {
  readonly dir: string
  readonly forward: ForwardData
  readonly signals: Signals
  /** Throws Fault `database_elsewhere` while another process works on the folder. */
  readonly take: () => void
  /** The way out on the app's thread. */
  readonly toApp: Outlet
  readonly onNotice: (line: string) => void
}

export function startForwarding({ dir, forward, signals, take, toApp, onNotice }: ForwardingParts): Drain {
  const { http, version } = forward
  const outlet = http ? createHttpOutlet({ ...http, version, timeoutMs: FORWARD_TIMEOUT_MS, onNotice }) : toApp
  const progress = createProgress(dir, 'forward')
  return createDrain(
    {
      reader: createReader({ dir, maxBytes: DRAIN.batchBytes }),
      // What is refused there is stored here all the same.
      quarantine: { put: ({ reason }) => onNotice(`Daybook: an event was not forwarded: ${reason}`) },
      progress,
      archive: createGoneArchive(dir),
      open: async () => {
        take()
        return createForwardWriter({ outlet, progress, instance: readInstance(dir) })
      },
      onStatus: tellingOnce(onNotice),
      onAttempt: () => undefined,
      isOwn: () => false,
    },
    signals,
    { ...DRAIN, batchLines: FORWARD_LINES, maxLines: FORWARD_LINES },
  )
}

/** Says why events are not forwarded when that begins, and that they are again. */
function tellingOnce(onNotice: (line: string) => void): (status: DrainStatus) => void {
  let isWaiting = false
  return ({ state, reason }) => {
    if (state === 'waiting' && !isWaiting) onNotice(`Daybook: events are not forwarded: ${reason}`)
    if (state === 'idle' && isWaiting) onNotice('Daybook: events are forwarded again.')
    if (state === 'waiting' || state === 'idle') isWaiting = state === 'waiting'
  }
}

/** Segments are packed and deleted when they are stored, and have been sent on too. */
export function holdingBack(archive: Archive, dir: string): Archive {
  const progress = createProgress(dir, 'forward')
  return {
    ...archive,
    tidy(stored) {
      const sent = progress.load()
      const both = [...stored].map(([segment, at]) => [segment, Math.min(at, sent.get(segment) ?? 0)] as const)
      return archive.tidy(new Map(both))
    },
  }
}
