/** A timer that is set for longer ends at once. */
const LONGEST_MS = 2 ** 31 - 1

/** Resolves true when `isDone`, asked again whenever the waiters are called, says so; false when the time is over first. */
export function waitFor(isDone: () => boolean, waiters: Set<() => void>, timeoutMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const settle = (done: boolean): void => {
    clearTimeout(timer)
    waiters.delete(check)
    resolve(done)
  }
  const check = (): void => {
    if (isDone()) settle(true)
  }
  const timer = setTimeout(() => settle(false), Math.min(timeoutMs, LONGEST_MS))
  waiters.add(check)
  return promise
}
