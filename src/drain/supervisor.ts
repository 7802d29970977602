/** Keeps the drain's thread running, and speaks with it from the app's thread. */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { Fault } from '../event/fault.ts'
import type { DrainStatus } from '../event/ports.ts'

export interface SupervisorOptions {
  /** The module that the thread runs. */
  readonly entry: URL
  /** Handed to it; must survive structured cloning. */
  readonly data: object
  readonly restartMs: number
  readonly onNotice: (line: string) => void
}

export type ToThread =
  | { readonly say: 'connect'; readonly port: MessagePort }
  | { readonly say: 'flush'; readonly id: number; readonly timeoutMs: number }
  | { readonly say: 'close' }

export type FromThread =
  | { readonly say: 'status'; readonly status: DrainStatus }
  | { readonly say: 'flushed'; readonly id: number; readonly done: boolean }

export interface Supervisor {
  status(): DrainStatus
  /** A port at which the thread serves the embedded database. Throws a Fault while the thread is down. */
  connect(): MessagePort
  flush(timeoutMs: number): Promise<boolean>
  /** Ends the thread after its batch under way. The same promise every time. */
  close(graceMs: number): Promise<void>
}

const STARTING: DrainStatus = { state: 'starting', stored: 0, quarantined: 0, waiting_bytes: 0, reason: null }

export function createSupervisor({ entry, data, restartMs, onNotice }: SupervisorOptions): Supervisor {
  const flushes = new Map<number, (done: boolean) => void>()
  let worker: Worker | undefined
  let status = STARTING
  let lastId = 0
  let closing: Promise<void> | undefined
  let restart: NodeJS.Timeout | undefined

  const start = (): void => {
    const thread = new Worker(entry, { workerData: data, name: 'daybook-drain', execArgv: toExecArgv() })
    // The app decides when the process ends; what is on disk then is stored at the next start.
    thread.unref()
    thread.on('message', receive)
    thread.on('error', (error) => onNotice(`Daybook: the thread that stores events failed: ${error.message}`))
    thread.on('exit', () => ended(thread))
    worker = thread
  }

  const receive = (message: FromThread): void => {
    if (message.say === 'status') status = message.status
    else flushes.get(message.id)?.(message.done)
  }

  const ended = (thread: Worker): void => {
    if (worker !== thread) return
    worker = undefined
    for (const settle of flushes.values()) settle(false)
    if (closing) return
    status = { ...status, state: 'waiting', reason: 'The thread that stores events ended; it is started again.' }
    restart = setTimeout(start, restartMs).unref()
  }

  const send = (message: ToThread, transfer: MessagePort[] = []): void => worker?.postMessage(message, transfer)

  const close = async (graceMs: number): Promise<void> => {
    clearTimeout(restart)
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

  start()
  return {
    status: () => status,
    connect() {
      if (!worker) throw new Fault('database_unreachable', status.reason ?? 'The event log is closed.')
      const { port1, port2 } = new MessageChannel()
      send({ say: 'connect', port: port1 }, [port1])
      return port2
    },
    flush(timeoutMs) {
      if (!worker || closing) return Promise.resolve(false)
      const id = ++lastId
      const { promise, resolve } = Promise.withResolvers<boolean>()
      flushes.set(id, resolve)
      worker.ref()
      send({ say: 'flush', id, timeoutMs })
      return promise.finally(() => {
        flushes.delete(id)
        if (flushes.size === 0 && !closing) worker?.unref()
      })
    },
    close: (graceMs) => (closing ??= close(graceMs)),
  }
}

/** The host's own flags for its main thread (loaders, inspectors, `--watch`) are not for ours. */
const toExecArgv = (): string[] => ['--disable-warning=ExperimentalWarning']
