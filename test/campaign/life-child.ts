/** Runs one batch under strace, which kills it as one of its threads makes a call for the Nth time. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { waitUntil } from '../kit/wait-until.ts'
import type { LifeSpec } from './life-spec.ts'
import { REPORT_FD } from './writer-spec.ts'

export interface LifeEnd {
  readonly isKilled: boolean
  readonly acknowledged: readonly number[]
  readonly complaint: string | undefined
}

/** main: where lines are appended and the database is asked · files: where Node does its asynchronous file work. */
export type LifeThread = 'main' | 'files'

/** Calls that leave something which another process could notice. */
const CALLS =
  'write,writev,pwrite64,sendto,sendmsg,connect,openat,close,mkdir,link,linkat,unlink,rename,ftruncate,fsync,fdatasync'

export interface Point {
  readonly thread: LifeThread
  /** Undefined: it lives. */
  readonly call?: string
  readonly nth?: number
}

/** Why there can be no such campaign here; undefined when there can. */
export const toHindrance = (): string | undefined =>
  process.platform !== 'linux'
    ? 'it needs Linux'
    : spawnSync('strace', ['-V']).status !== 0
      ? 'there is no strace here (apt-get install strace)'
      : undefined

export async function killLife(spec: LifeSpec, point: Point, log: string): Promise<LifeEnd> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('batch-life.ts', import.meta.url)), JSON.stringify(spec)],
    {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NODE_OPTIONS: undefined,
        NODE_COMPILE_CACHE: join(tmpdir(), 'daybook-campaign-cache'),
        UV_THREADPOOL_SIZE: '1',
      },
    },
  )
  const [said, complaint, reported] = [child.stdout, child.stderr, child.stdio[REPORT_FD]].map(collect)
  const ended = once(child, 'close')
  const filesTid = await waitUntil(() => /^ready (\d+)$/m.exec(said?.().toString() ?? '')?.[1], { what: 'a batch' })
  const trace = await attach(point.thread === 'main' ? String(child.pid) : filesTid, point, log)
  child.stdin?.write('!')
  await Promise.all([ended, trace.end])
  const ids = reported?.() ?? Buffer.alloc(0)
  const isKilled = child.signalCode === 'SIGKILL'
  return {
    isKilled,
    acknowledged: Array.from({ length: Math.floor(ids.length / 4) }, (_, i) => ids.readUInt32LE(i * 4)),
    complaint: isKilled || child.exitCode === 0 ? undefined : `it ended by itself: ${complaint?.()}`,
  }
}

async function attach(tid: string, { call, nth }: Point, log: string): Promise<{ readonly end: Promise<unknown> }> {
  // Counted by strace for each call on its own.
  const inject = call ? ['-e', `inject=${call}:signal=KILL:when=${nth}`] : []
  const tracer = spawn('strace', ['-o', log, '-p', tid, '-e', `trace=${CALLS}`, ...inject], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const end = once(tracer, 'close')
  const said = collect(tracer.stderr)
  const isOver = (): boolean => /attached/.test(said().toString()) || tracer.exitCode !== null
  await waitUntil(isOver, { what: 'strace', intervalMs: 2 })
  if (tracer.exitCode !== null) throw new Error(`strace can't trace here: ${said()}`)
  // Not the promise itself: it would be waited for.
  return { end }
}

function collect(stream: unknown): () => Buffer {
  const chunks: Buffer[] = []
  if (stream instanceof Readable) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks)
}

/** How often each call was made, as strace wrote it down. */
export function toCalls(log: string): Map<string, number> {
  const calls = new Map<string, number>()
  for (const [call] of readFileSync(log, 'utf8').matchAll(/^\w+(?=\()/gm)) calls.set(call, (calls.get(call) ?? 0) + 1)
  return calls
}
