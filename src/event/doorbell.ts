/** Wakes who waits for something new, or lets them sleep for a while: a hint, after which they look for themselves. */
export interface Doorbell {
  ring(): void
  /** Ends by a ring, also one since the last wait, or after a time. */
  wait(timeoutMs: number): Promise<void>
}

export function createDoorbell(): Doorbell {
  let isRung = false
  let wake: (() => void) | undefined
  return {
    ring() {
      isRung = true
      wake?.()
    },
    async wait(timeoutMs) {
      if (!isRung)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs).unref()
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      isRung = false
      wake = undefined
    },
  }
}
