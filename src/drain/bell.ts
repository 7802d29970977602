/** The spool counts its appends in shared memory; the drain sleeps on that number. A hint only: the files decide. */

export interface Bell {
  /** Sleeps until the bell rings, or has rung since the last look, or the time is over. */
  wait(timeoutMs: number): Promise<void>
  /** True when there was a ring since the last call. */
  rang(): boolean
  /** Sleeps for a while; only `ring` of this thread ends it early. */
  pause(ms: number): Promise<void>
  ring(): void
}

export function createBell(memory: SharedArrayBuffer): Bell {
  const counter = new Int32Array(memory)
  let seen = 0
  let wake: (() => void) | undefined

  const sleep = (ms: number, rung?: Promise<unknown>): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        wake = undefined
        resolve()
      }
      const timer = setTimeout(done, ms)
      wake = done
      void rung?.then(done)
    })

  return {
    async wait(timeoutMs) {
      const answer = Atomics.waitAsync(counter, 0, seen, timeoutMs)
      if (answer.async) await sleep(timeoutMs, answer.value)
    },
    rang() {
      const now = Atomics.load(counter, 0)
      const isNew = now !== seen
      seen = now
      return isNew
    },
    pause: (ms) => sleep(ms),
    ring: () => wake?.(),
  }
}
