/** Door "./testing": what a test expects of an event log, and stand-ins that keep the contracts of the real things. */
import type { Spool } from '../event/ports/spool.ts'
import type { Clock } from '../event/time.ts'

export { type ExpectedEvent, type ExpectOptions, expectEvent, type Watched } from './expect-event.ts'

export interface MemorySpool extends Spool {
  /** What was appended, a line each, as it would stand in a segment. */
  readonly lines: readonly string[]
}

/** A spool that keeps its lines in memory. */
export function createMemorySpool(): MemorySpool {
  const lines: string[] = []
  let bytes = 0
  let shed = 0
  let last_fault: string | null = null
  let isClosed = false
  const refuse = (reason: string): false => {
    shed++
    last_fault = reason
    return false
  }
  return {
    lines,
    append(line) {
      if (isClosed) return refuse('the event log is closed')
      const whole = Buffer.from(line)
      lines.push(whole.toString())
      bytes += whole.length
      return true
    },
    together: (work) => work(),
    refuse,
    setBacklog: () => undefined,
    stats: () => ({ offered: lines.length + shed, appended: lines.length, shed, bytes, last_fault }),
    close() {
      isClosed = true
    },
  }
}

/** A clock that stands at a time, and moves on by one microsecond with each look, as the real one does at least. */
export function createFixedClock(iso: string): Clock {
  let micros = Date.parse(iso) * 1000
  if (Number.isNaN(micros)) throw new TypeError(`createFixedClock: expected an ISO 8601 time, got ${iso}`)
  return () => micros++
}
