/** The spool counts its appends in shared memory; the drain sleeps on that number. A hint only: the files decide. */
import { APPENDS, type Signals, untilAppended } from '../event/signals.ts'

export interface Bell {
  /** Sleeps until the bell rings, or has rung since the last look, or the time is over. */
  wait(timeoutMs: number): Promise<void>
  /** True when there was a ring since the last call. */
  rang(): boolean
  /** Sleeps for a while; only `ring` of this thread ends it early. */
  pause(ms: number): Promise<void>
  /** Ends the present sleep, or else the next one. */
  ring(): void
}

export function createBell(signals: Signals): Bell {
  const counters = new Int32Array(signals)
  let seen = 0
  let isRung = false
  let wake: (() => void) | undefined

  const sleep = (ms: number, rung?: Promise<unknown>): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        resolve()
        // A late ring of an earlier sleep must not touch the present one.
        if (wake !== done) return
        wake = undefined
        isRung = false
      }
      const timer = setTimeout(done, isRung ? 0 : ms)
      wake = done
      void rung?.then(done)
    })

  return {
    async wait(timeoutMs) {
      const rung = untilAppended(counters, seen, timeoutMs)
      if (rung) await sleep(timeoutMs, rung)
    },
    rang() {
      const now = Atomics.load(counters, APPENDS)
      const isNew = now !== seen
      seen = now
      return isNew
    },
    pause: (ms) => sleep(ms),
    ring() {
      isRung = true
      wake?.()
    },
  }
}
