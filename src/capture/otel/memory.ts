/**
 * What is remembered of traces between one export and the next, for ids that are inherited and for what was told already.
 * It is a help and no truth: a trace that was forgotten is told with less, and repeats of it have the same ids and are stored
 * once.
 */
import { hash } from 'node:crypto'
import { createTrace, type OwnTrace, type Trace } from './known-trace.ts'

export interface MemoryLimits {
  readonly traces: number
  /** Of all traces together, as estimated. */
  readonly bytes: number
  /** A trace that outgrows this begins anew. */
  readonly traceBytes: number
  readonly told: number
}

export const MEMORY_LIMITS: MemoryLimits = Object.freeze({
  traces: 1_000,
  bytes: 8 * 1_048_576,
  traceBytes: 1_048_576,
  told: 20_000,
})

export interface Memory {
  /** Of a trace of one tenant: another's trace with the same id is another trace. */
  trace(trace_id: string, tenant_id: string | undefined): Trace
  isTold(key: string): boolean
  tell(key: string): void
}

export function createMemory(limits: MemoryLimits = MEMORY_LIMITS): Memory {
  const traces = new Map<string, OwnTrace>()
  const told = new Map<string, true>()
  let bytes = 0

  const grow = (own: string, by: number): void => {
    const trace = traces.get(own)
    // One that was forgotten while somebody works on it goes with them.
    if (!trace) return
    bytes += by
    if (trace.bytes > limits.traceBytes) bytes -= trace.clear()
    shrink(own)
  }
  const shrink = (own: string): void => {
    for (const [key, other] of traces) {
      if (bytes <= limits.bytes && traces.size <= limits.traces) break
      if (key === own) continue
      traces.delete(key)
      bytes -= other.bytes
    }
  }

  return {
    trace(trace_id, tenant_id) {
      const key = `${trace_id} ${tenant_id ?? ''}`
      const trace = traces.get(key) ?? createTrace((by) => grow(key, by))
      // Moved to the end: the one that was quiet for longest goes first.
      traces.delete(key)
      traces.set(key, trace)
      // One that log records alone are in never grows.
      shrink(key)
      return trace
    },
    isTold: (key) => told.has(toShortKey(key)),
    tell(key) {
      told.set(toShortKey(key), true)
      for (const oldest of told.keys()) {
        if (told.size <= limits.told) break
        told.delete(oldest)
      }
    },
  }
}

/** Short, and of one length whatever it is made of. */
export const toDigest = (text: string): string => hash('sha256', text, 'base64').slice(0, 24)

const KEY_CHARS = 160
const toShortKey = (key: string): string => (key.length <= KEY_CHARS ? key : toDigest(key))
