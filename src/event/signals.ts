/** Numbers in memory that the threads of an event log share; each only ever grows, but for the one that says who sleeps. */

/** Lines that were appended: the drain sleeps on it. */
export const APPENDS = 0
/** Grows while the drain's thread is alive and at work: the supervisor watches it. */
export const HEARTBEAT = 1
/** The app's thread begins a new segment when it changes: the disk has refused to keep the present one. */
export const ROLLS = 2
/** Events that the spool could not keep. */
export const SHED = 3
/** Segments that the app's thread has begun: the thread that syncs looks for them. */
export const SEGMENTS = 4

/** Bytes that the app's thread has appended, of which only the lower 32 bits are kept. */
export const BYTES = 5
/** As many of them as there were when the drain looked last at what waits. */
export const SEEN_BYTES = 6
/** Whether somebody may sleep on APPENDS. */
const SLEEPING = 7
/** As many of the SHED as alerts were judged by: the next thread begins there. */
export const JUDGED_SHED = 8

export type Signals = SharedArrayBuffer

export const createSignals = (): Signals => new SharedArrayBuffer(9 * Int32Array.BYTES_PER_ELEMENT)

/** Bytes that were appended since the drain looked: what it says waits does not count them. */
export function unseenBytes(signals: Signals): number {
  const counts = new Int32Array(signals)
  return (Atomics.load(counts, BYTES) - Atomics.load(counts, SEEN_BYTES)) >>> 0
}

/** Counts lines that were appended. To wake takes microseconds, also where nobody sleeps. */
export function ringAppends(counts: Int32Array, lines: number): void {
  Atomics.add(counts, APPENDS, lines)
  if (Atomics.load(counts, SLEEPING) === 0) return
  Atomics.store(counts, SLEEPING, 0)
  Atomics.notify(counts, APPENDS)
}

/** Sleeps until lines are appended, or the time is over. Undefined when there are more than `seen` already. */
export function untilAppended(counts: Int32Array, seen: number, timeoutMs: number): Promise<unknown> | undefined {
  const answer = Atomics.waitAsync(counts, APPENDS, seen, timeoutMs)
  if (!answer.async) return undefined
  // By now who appends wakes us; and who did before, and saw nobody asleep, is seen here.
  Atomics.store(counts, SLEEPING, 1)
  return Atomics.load(counts, APPENDS) === seen ? answer.value : undefined
}
