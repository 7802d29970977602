/** Keeps the drain's thread running, and speaks with it from the app's thread. */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import type { Draft } from '../event/event.ts'
import { Fault } from '../event/fault.ts'
import type { DrainStatus } from '../event/ports/drain.ts'
import { HEARTBEAT, type Signals } from '../event/signals.ts'
import { type Failure, toFailure } from './errands.ts'
import type { Suspect } from './store-lines.ts'
import { waitFor } from './wait-for.ts'

export interface SupervisorOptions {
  /** The module that the thread runs. */
  readonly entry: URL
  /** Handed to it; must survive structured cloning. */
  readonly data: object
  /** Makes the port at which each thread reaches the host's own database. */
  readonly hostPort?: (() => MessagePort) | undefined
  readonly signals: Signals
  readonly restartMs: number
  /** A thread that shows no life for this long is ended and started again. */
  readonly hangMs: number
  readonly onStatus: (status: DrainStatus) => void
  readonly onNotice: (line: string) => void
  /** An event of the thread's own. */
  readonly onEvent?: (draft: Draft) => void
  /** What the thread has to have done here. */
  readonly onErrand?: (work: unknown) => Promise<void>
}

export type ToThread =
  | { readonly say: 'connect'; readonly port: MessagePort }
  | { readonly say: 'flush'; readonly id: number; readonly timeoutMs: number }
  | { readonly say: 'close' }
  | { readonly say: 'done'; readonly id: number; readonly failure: Failure }

interface Errand {
  readonly say: 'errand'
  readonly id: number
  readonly work: unknown
}

export type FromThread =
  | { readonly say: 'status'; readonly status: DrainStatus }
  | { readonly say: 'notice'; readonly line: string }
  | { readonly say: 'attempt'; readonly attempt: Suspect }
  | { readonly say: 'event'; readonly draft: Draft }
  | Errand
  | { readonly say: 'flushed'; readonly id: number; readonly done: boolean }

export interface Supervisor {
  status(): DrainStatus
  /** A port at which the thread serves the embedded database. Throws a Fault while the thread is down. */
  connect(): MessagePort
  /** Outlives the thread: where that ends, the next is asked. */
  flush(timeoutMs: number): Promise<boolean>
  /** Ends the thread after its batch under way. The same promise every time. */
  close(graceMs: number): Promise<void>
}

const STARTING: DrainStatus = {
  state: 'starting',
  stored: 0,
  quarantined: 0,
  own: 0,
  waiting_bytes: 0,
  oldest_waiting: null,
  batch_ms: 0,
  reason: null,
}

const WATCH_MS = 1_000
/** Restarts are further apart each time, up to this. */
const MAX_RESTART_MS = 60_000

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { entry, data, restartMs, hangMs, onStatus, onNotice } = options
  const counters = new Int32Array(options.signals)
  /** Questions to the thread; undefined is told of one that ended. */
  const flushes = new Map<number, (done: boolean | undefined) => void>()
  /** Those who wait for a thread, or for the end of all. */
  const waiters = new Set<() => void>()
  let worker: Worker | undefined
  let status = STARTING
  let lastId = 0
  let closing: Promise<void> | undefined
  let restart: NodeJS.Timeout | undefined
  let attempt: Suspect | undefined
  let suspect: Suspect | undefined
  let before = STARTING
  let restarts = 0
  let lastTold = ''
  let seenBeat = 0
  let looksWithoutBeat = 0

  const start = (): void => {
    looksWithoutBeat = 0
    const hostPort = options.hostPort?.()
    const thread = new Worker(entry, {
      workerData: { ...data, suspect, own: before.own, hostPort },
      transferList: hostPort ? [hostPort] : [],
      name: 'daybook-drain',
      execArgv: toExecArgv(),
    })
    thread.on('message', (message: FromThread) => receive(message, thread))
    thread.on('error', (error) => tell(`Daybook: the thread that stores events failed: ${error.message}`))
    thread.on('exit', () => ended(thread))
    // The app decides when the process ends; what is on disk then is stored at the next start. After the listeners, as
    // the one for messages keeps the process.
    thread.unref()
    worker = thread
    for (const wake of waiters) wake()
  }

  // A thread that fails at each start says so once.
  const tell = (line: string): void => {
    if (line !== lastTold) onNotice(line)
    lastTold = line
  }

  const receive = (message: FromThread, thread: Worker): void => {
    if (message.say === 'status') {
      if (message.status.state === 'idle') restarts = 0
      status = addCounts(message.status, before)
      onStatus(status)
    } else if (message.say === 'attempt') attempt = message.attempt
    else if (message.say === 'notice') onNotice(message.line)
    else if (message.say === 'event') options.onEvent?.(message.draft)
    else if (message.say === 'errand') void runErrand(thread, message)
    else flushes.get(message.id)?.(message.done)
  }

  // Told to the thread that asked: one that was started after it counts its own from the beginning.
  const runErrand = async (thread: Worker, { id, work }: Errand): Promise<void> => {
    const failure = await Promise.resolve(work)
      .then(options.onErrand)
      .then(() => null, toFailure)
    const done: ToThread = { say: 'done', id, failure }
    thread.postMessage(done)
  }

  const ended = (thread: Worker): void => {
    if (worker !== thread) return
    worker = undefined
    for (const settle of flushes.values()) settle(undefined)
    if (closing) return
    before = status
    status = { ...status, state: 'waiting', reason: 'The thread that stores events ended; it is started again.' }
    restart = setTimeout(start, Math.min(restartMs * 2 ** restarts++, MAX_RESTART_MS)).unref()
  }

  // Counted in looks and not in time: after this process was stopped for an hour, the thread gets its chance first.
  const watch = (): void => {
    const beat = Atomics.load(counters, HEARTBEAT)
    looksWithoutBeat = beat === seenBeat ? looksWithoutBeat + 1 : 0
    seenBeat = beat
    if (!worker || looksWithoutBeat * WATCH_MS < hangMs) return
    onNotice(`Daybook: the thread that stores events hung for ${hangMs} ms and is started again.`)
    suspect = attempt
    looksWithoutBeat = 0
    void worker.terminate()
  }
  const watcher = setInterval(watch, WATCH_MS).unref()

  const send = (message: ToThread, transfer: MessagePort[] = []): void => worker?.postMessage(message, transfer)

  const close = async (graceMs: number): Promise<void> => {
    clearTimeout(restart)
    clearInterval(watcher)
    const thread = worker
    if (!thread) return
    const exited = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
    thread.ref()
    send({ say: 'close' })
    const timer = setTimeout(() => void thread.terminate(), graceMs)
    await exited
    clearTimeout(timer)
    status = { ...status, state: 'stopped' }
  }

  const ask = (thread: Worker, timeoutMs: number): Promise<boolean | undefined> => {
    const id = ++lastId
    const { promise, resolve } = Promise.withResolvers<boolean | undefined>()
    flushes.set(id, resolve)
    thread.ref()
    send({ say: 'flush', id, timeoutMs })
    return promise.finally(() => {
      flushes.delete(id)
      if (flushes.size === 0 && !closing) thread.unref()
    })
  }

  start()
  return {
    status: () => status,
    connect() {
      if (!worker) throw new Fault('database_unreachable', status.reason ?? 'The event log is closed.')
      const { port1, port2 } = new MessageChannel()
      send({ say: 'connect', port: port1 }, [port1])
      return port2
    },
    async flush(timeoutMs) {
      const endsAt = performance.now() + timeoutMs
      const leftMs = (): number => Math.max(0, endsAt - performance.now())
      while (!closing) {
        const done = worker && (await ask(worker, leftMs()))
        if (done !== undefined) return done
        if (!worker && !(await waitFor(() => worker !== undefined || closing !== undefined, waiters, leftMs()))) break
      }
      return false
    },
    close(graceMs) {
      closing ??= close(graceMs)
      for (const wake of waiters) wake()
      return closing
    },
  }
}

/** The host's own flags for its main thread (loaders, inspectors, `--watch`) are not for ours. */
const toExecArgv = (): string[] => ['--disable-warning=ExperimentalWarning']

/** A restarted thread counts from nothing, and `own` from where it was told; what was counted before it goes on top. */
const addCounts = (status: DrainStatus, before: DrainStatus): DrainStatus => ({
  ...status,
  stored: status.stored + before.stored,
  quarantined: status.quarantined + before.quarantined,
})
