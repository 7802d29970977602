/**
 * The thread that syncs. It is one of its own, as the drain's takes a second to load the ORM, and the embedded database
 * keeps it busy for as long as a batch takes: longer than an event may be without the disk.
 */
import { Worker } from 'node:worker_threads'
import type { SyncerOptions } from './syncer.ts'

export interface SyncingOptions extends Pick<SyncerOptions, 'dir' | 'mark' | 'signals' | 'intervalMs' | 'onNotice'> {
  readonly restartMs: number
}

export interface Syncing {
  /** Syncs once more and ends, or is ended when a disk holds it up. The same promise every time. */
  close(graceMs: number): Promise<void>
}

export function startSyncing({ restartMs, onNotice, ...data }: SyncingOptions): Syncing {
  // Source and build differ in the ending of their files.
  const entry = new URL(`./sync-thread.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
  let worker: Worker | undefined
  let restart: NodeJS.Timeout | undefined
  let closing: Promise<void> | undefined

  const start = (): void => {
    // The host's own flags for its main thread are not for ours.
    const thread = new Worker(entry, { workerData: data, name: 'daybook-sync', execArgv: [] })
    thread.on('message', onNotice)
    thread.on('error', (error) => onNotice(`Daybook: the thread that syncs failed: ${error.message}`))
    thread.on('exit', () => {
      worker = undefined
      if (!closing) restart = setTimeout(start, restartMs).unref()
    })
    // After the listeners, as the one for messages keeps the process.
    thread.unref()
    worker = thread
  }

  const close = async (graceMs: number): Promise<void> => {
    clearTimeout(restart)
    const thread = worker
    if (!thread) return
    const exited = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
    thread.ref()
    thread.postMessage('close')
    const timer = setTimeout(() => void thread.terminate(), graceMs)
    await exited
    clearTimeout(timer)
  }

  start()
  return { close: (graceMs) => (closing ??= close(graceMs)) }
}
