/**
 * Puts off what is to be done with each of many until it can be done with several in a row. Between two requests the
 * processor's caches are full of other code: what comes alone takes two or three times as long.
 */
import { createAtExit } from '../at-exit.ts'

export interface Deferral<T> {
  later(one: T): void
  /** Does at once what was put off. */
  settle(): void
}

/** Nothing waits longer, unless the host itself blocks its thread. */
const LATEST_MS = 10
/** More than that gains nothing, and would hold the host up. */
const MOST = 64

/**
 * `work` must not throw.
 * @param together runs its work so that what it writes goes into one write
 */
export function createDeferral<T>(work: (one: T) => void, together: (work: () => void) => void): Deferral<T> {
  let put: T[] = []
  const settle = (): void => {
    const all = put
    put = []
    atExit.end()
    if (all.length === 0) return
    together(() => {
      for (const one of all) work(one)
    })
  }
  const atExit = createAtExit(settle)
  return {
    later(one) {
      const count = put.push(one)
      if (count === 1) {
        atExit.begin()
        // The host may end whenever it wants to.
        setTimeout(settle, LATEST_MS).unref()
      } else if (count === MOST) settle()
    },
    settle,
  }
}
