/** Starts a writer, kills it at the planned moment, and gives what it had reported by then. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { SpoolPlan } from './spool-plan.ts'
import { REPORT_FD, type WriterSpec } from './writer-spec.ts'

export interface WriterEnd {
  readonly pid: number
  readonly acknowledged: readonly number[]
  /** Why it ended before it was killed. */
  readonly complaint: string | undefined
}

/** A writer that has reported nothing by then is killed all the same. */
const PATIENCE_MS = 20_000

export async function killWriter(
  program: string,
  spec: WriterSpec,
  { killAt, delayMs }: Pick<SpoolPlan, 'killAt' | 'delayMs'>,
): Promise<WriterEnd> {
  const child = spawn(process.execPath, [program, JSON.stringify(spec)], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: undefined, NODE_COMPILE_CACHE: join(tmpdir(), 'daybook-campaign-cache') },
  })
  const reported = collect(child.stdio[REPORT_FD], () => killAt === 'load' && killIn(delayMs))
  const complaint = collect(child.stderr)
  const killIn = (ms: number): void => void setTimeout(() => child.kill('SIGKILL'), ms)
  if (killAt === 'birth') killIn(delayMs)
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
  // Not 'exit': what it reported is complete only now.
  await once(child, 'close')
  clearTimeout(timer)
  const text = complaint().toString()
  const died = child.signalCode !== 'SIGKILL' || text !== ''
  return {
    pid: child.pid ?? -1,
    acknowledged: toIds(reported()),
    complaint: died ? `the writer ended by itself with ${child.exitCode ?? child.signalCode}: ${text}` : undefined,
  }
}

function collect(stream: unknown, onFirst: () => void = () => undefined): () => Buffer {
  const chunks: Buffer[] = []
  if (stream instanceof Readable) {
    stream.once('data', onFirst)
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  }
  return () => Buffer.concat(chunks)
}

/** The last report may be cut short. */
const toIds = (bytes: Buffer): number[] =>
  Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.readUInt32LE(i * 4))
