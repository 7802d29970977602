/**
 * Hallway of the drain's thread: spool → drain → store. An ORM can't cross threads, so this one builds its own, and the
 * embedded database lives here too.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { startAlerting } from './alerting.ts'
import type { AlertConfig } from './config/alerts.ts'
import { DATABASE, DRAIN } from './config/defaults.ts'
import type { References } from './config/host-options.ts'
import { createDrain } from './drain/drain.ts'
import { createErrands } from './drain/errands.ts'
import type { Suspect } from './drain/store-lines.ts'
import type { FromThread, ToThread } from './drain/supervisor.ts'
import { createRiskWindows } from './drain/windows.ts'
import { Fault } from './event/fault.ts'
import type { BatchWriter, DrainStatus } from './event/ports/drain.ts'
import type { RiskConfig } from './event/risk.ts'
import { HEARTBEAT, type Signals } from './event/signals.ts'
import { type ForwardData, holdingBack, startForwarding } from './forwarding.ts'
import { toRefinery } from './refinery.ts'
import { createArchive } from './spool/archive.ts'
import { hasMark } from './spool/layout.ts'
import { isLease, type Lease, takeLease } from './spool/lease.ts'
import { createProgress } from './spool/progress.ts'
import { createQuarantine } from './spool/quarantine.ts'
import { createReader } from './spool/reader.ts'
import { sweep } from './spool/sweep.ts'
import { createEmbeddedClient, serveEmbedded } from './store/embedded-port.ts'
import { createOrm, type Orm } from './store/orm.ts'
import type { PrunerOptions } from './store/pruner.ts'
import { type Embedded, openRenewed } from './store/renewed.ts'
import { openWriter } from './store/writer.ts'

/** What the app's thread hands over; plain, as it is cloned. */
export interface DrainThreadData {
  readonly dir: string
  /** Tells this event log from others, in its segments and in its lease. */
  readonly mark: string
  readonly signals: Signals
  readonly databaseUrl: string | undefined
  /** Where the app's thread serves the PGlite of the host's ORM, which is used then. */
  readonly hostPort?: MessagePort | undefined
  readonly references: References
  readonly retention: { readonly eventsDays: number; readonly errorsDays: number }
  readonly archive: { readonly compressAfterDays: number; readonly deleteAfterDays: number }
  readonly forward: ForwardData | undefined
  /** For the events about what retention has removed. */
  readonly service: string
  readonly host: string
  readonly risk: RiskConfig | undefined
  readonly alerts: AlertConfig | undefined
  readonly suspect?: Suspect
  readonly own?: number
}

const HEARTBEAT_MS = 250
const RENEW_MS = 5_000
const GRACE_MS = 1_000

/** Runs the thread until it is told to close. */
export function runDrainThread(data: DrainThreadData, app: MessagePort): void {
  const send = (message: FromThread): void => app.postMessage(message)
  const folder = createFolder(data)
  const archive = createArchive({ dir: data.dir, ...data.archive })
  const onNotice = (line: string): void => send({ say: 'notice', line })
  let retention: string | null = null
  const onTrouble = (reason: string | null): void => {
    retention = reason
    if (reason !== null) onNotice(`Daybook: retention: ${reason}`)
  }
  let status: DrainStatus | undefined
  const errands = createErrands((id, work) => send({ say: 'errand', id, work }))
  const forwarding =
    data.forward && startForwarding({ ...data, forward: data.forward, take: folder.take, toApp: errands.run, onNotice })
  const drain = createDrain(
    {
      reader: createReader({ dir: data.dir, maxBytes: DRAIN.batchBytes }),
      quarantine: createQuarantine(data.dir),
      progress: createProgress(data.dir),
      archive: data.forward ? holdingBack(archive, data.dir) : archive,
      open: () => open(data, folder, { onNotice, onTrouble }),
      onStatus: (now) => {
        status = { ...now, retention }
        send({ say: 'status', status })
      },
      onAttempt: (attempt) => send({ say: 'attempt', attempt }),
      onNotice,
      isOwn: (segment) => hasMark(segment, data.mark),
      suspect: data.suspect,
      own: data.own ?? 0,
    },
    data.signals,
    DRAIN,
  )
  const alerting =
    data.alerts &&
    startAlerting({
      ...{ alerts: data.alerts, dir: data.dir, signals: data.signals, onNotice, status: () => status },
      open: () => openForAlerts(data, folder),
      onEvent: (draft) => send({ say: 'event', draft }),
    })
  const counters = new Int32Array(data.signals)
  const heart = setInterval(() => Atomics.add(counters, HEARTBEAT, 1), HEARTBEAT_MS)
  const renewal = setInterval(() => folder.renew(), RENEW_MS)

  const close = async (): Promise<void> => {
    const others = [forwarding?.close(), alerting?.close()].filter((closing) => closing !== undefined)
    await drain.close()
    // A receiver may keep us waiting: what does not arrive now is sent again, and an alert that lasts is told again.
    const isHeldUp = await Promise.race([Promise.all(others).then(() => false), pause(GRACE_MS, true, { ref: false })])
    await folder.leave()
    clearInterval(heart)
    clearInterval(renewal)
    app.close()
    if (isHeldUp) process.exit()
  }

  app.on('message', (message: ToThread) => {
    if (message.say === 'connect') serveEmbedded(message.port, folder.database, DATABASE.embeddedDeadlineMs)
    else if (message.say === 'close') void close()
    else if (message.say === 'done') errands.ended(message.id, message.failure)
    else void drain.flush(message.timeoutMs).then((done) => send({ say: 'flushed', id: message.id, done }))
  })
}

interface Folder {
  /** Makes sure that no other process drains it. Throws Fault `database_elsewhere` when one does. */
  take(): void
  /** Tells processes of other hosts that this one is alive. */
  renew(): void
  /** The embedded database, opened once; or that of the host. */
  database(): Promise<Embedded>
  /** Another process may take it from now on. */
  leave(): Promise<void>
}

function createFolder({ dir, mark, databaseUrl, hostPort }: DrainThreadData): Folder {
  const ofHost = hostPort && createEmbeddedClient(() => hostPort, DATABASE.embeddedDeadlineMs)
  let lease: Lease | undefined
  let pglite: Promise<Embedded> | undefined
  const take = (): void => {
    if (lease) return
    const taken = takeLease(dir, mark)
    if (!isLease(taken)) throw elsewhere(dir, taken.pid, databaseUrl)
    lease = taken
    sweep(dir)
  }
  return {
    take,
    renew() {
      try {
        lease?.renew()
      } catch {
        // The folder is gone or read-only: the drain says so, and the next renewal may succeed.
      }
    },
    database() {
      try {
        take()
      } catch (error) {
        return Promise.reject(error)
      }
      if (ofHost) return Promise.resolve(ofHost)
      pglite ??= openRenewed(dir).catch((error: unknown) => {
        pglite = undefined
        throw error
      })
      return pglite
    },
    async leave() {
      await pglite?.then((open) => open.close()).catch(() => undefined)
      pglite = undefined
      lease?.release()
      lease = undefined
    },
  }
}

const elsewhere = (dir: string, pid: number, databaseUrl: string | undefined): Fault =>
  new Fault(
    'database_elsewhere',
    databaseUrl
      ? `Process ${pid} stores the events of ${dir} for all.`
      : `Process ${pid} holds the embedded database in ${dir}, and it has room for one. Set DATABASE_URL to share a server.`,
  )

interface Tellers {
  readonly onNotice: (line: string) => void
  readonly onTrouble: NonNullable<PrunerOptions['onTrouble']>
}

async function open(data: DrainThreadData, folder: Folder, { onNotice, onTrouble }: Tellers): Promise<BatchWriter> {
  folder.take()
  const server =
    data.databaseUrl === undefined ? undefined : { kind: 'server' as const, url: data.databaseUrl, ...DATABASE }
  try {
    return await openWriter(server ?? { kind: 'embedded', pglite: await folder.database() }, {
      retention: data.retention,
      pruner: { seal: toRefinery(data).seal, onTrouble },
      timeoutMs: DATABASE.writeTimeoutMs,
      references: data.references,
      onNotice,
      risk: data.risk && createRiskWindows(data.risk),
    })
  } catch (error) {
    // One of the later release may stand by, and can store the events of both.
    if (error instanceof Fault && error.code === 'schema_too_new') await folder.leave()
    throw error
  }
}

/** A connection of its own, so that a slow question keeps no batch waiting. */
async function openForAlerts({ databaseUrl }: DrainThreadData, folder: Folder): Promise<Orm> {
  if (databaseUrl === undefined) return createOrm({ kind: 'embedded', pglite: await folder.database() })
  return createOrm({ kind: 'server', url: databaseUrl, ...DATABASE, connections: 1 })
}

if (parentPort) runDrainThread(workerData, parentPort)
