/** Starts a writer, freezes it at the planned moment, so that no call of it is under way, and ends it after the cut. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { waitUntil } from '../kit/wait-until.ts'
import { type PowerSpec, REPORT_BYTES } from './power-spec.ts'
import { REPORT_FD } from './writer-spec.ts'

export interface PowerEnd {
  /** When each id was acknowledged, milliseconds since 1970. */
  readonly acknowledged: ReadonlyMap<number, number>
  /** When it was frozen: nothing was written or synced after that. */
  readonly frozenMs: number
  /** How long the machine has let one of its threads wait for a processor: nobody can do anything in time then. */
  readonly waitedMs: number
}

const PROGRAM = fileURLToPath(new URL('power-writer.ts', import.meta.url))

export async function cutUnder(spec: PowerSpec, delayMs: number, cut: () => void): Promise<PowerEnd> {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(spec)], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: undefined, NODE_COMPILE_CACHE: join(tmpdir(), 'daybook-campaign-cache') },
  })
  const closed = once(child, 'close')
  const reported = collect(child.stdio[REPORT_FD])
  const complaint = collect(child.stderr)
  try {
    await waitUntil(() => reported().length > 0 || child.exitCode !== null, { what: 'an id', intervalMs: 2 })
    await sleep(delayMs)
    if (child.exitCode !== null) throw new Error(`The writer ended by itself: ${complaint()}`)
    await freeze(child.pid ?? -1)
    const [frozenMs, waitedMs] = [Date.now(), longestWait(child.pid ?? -1)]
    cut()
    child.kill('SIGKILL')
    await closed
    return { acknowledged: toTimes(reported()), frozenMs, waitedMs }
  } finally {
    child.kill('SIGKILL')
    // The disk can't be unmounted before.
    await closed
  }
}

/** Stops a process and all its threads: one in the middle of a sync stops when that is over. */
export async function freeze(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  const tasks = `/proc/${pid}/task`
  const isStopped = (tid: string): boolean => /\) T /.test(readFileSync(join(tasks, tid, 'stat'), 'latin1'))
  await waitUntil(() => readdirSync(tasks).every(isStopped), { what: `process ${pid} to stop`, intervalMs: 1 })
}

/** Of all threads, in milliseconds (proc(5), schedstat: nanoseconds at work, waiting, …). */
function longestWait(pid: number): number {
  const tasks = `/proc/${pid}/task`
  const waits = readdirSync(tasks).map((tid) =>
    Number(readFileSync(join(tasks, tid, 'schedstat'), 'latin1').split(' ')[1]),
  )
  return Math.max(0, ...waits) / 1e6
}

function collect(stream: unknown): () => Buffer {
  const chunks: Buffer[] = []
  if (stream instanceof Readable) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks)
}

/** The last report may be cut short. */
const toTimes = (bytes: Buffer): ReadonlyMap<number, number> =>
  new Map(
    Array.from({ length: Math.floor(bytes.length / REPORT_BYTES) }, (_, i) => [
      bytes.readUInt32LE(i * REPORT_BYTES),
      bytes.readDoubleLE(i * REPORT_BYTES + 4),
    ]),
  )
