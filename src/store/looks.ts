/** Questions to the database that may have to wait until it can be asked: with growing pauses, and not for ever. */
import { setTimeout as pause } from 'node:timers/promises'

export interface LookLimits {
  /** Pauses between two questions grow from the first to the second. */
  readonly minMs: number
  readonly maxMs: number
  readonly giveUpMs: number
  /** Longest wait for one answer. */
  readonly askMs: number
  /** Questions that may be open at once. */
  readonly atOnce: number
}

export interface Looks {
  /** Asks until there is an answer, and tells it; undefined when there was none in time. `ask` gives undefined for "not yet". */
  settle<T>(ask: () => Promise<T | undefined>, tell: (answer: T | undefined) => void): void
  /** Each open question is asked once more, and is then given up. */
  close(): Promise<void>
}

export function createLooks({ minMs, maxMs, giveUpMs, askMs, atOnce }: LookLimits): Looks {
  const ending = new AbortController()
  const open = new Set<Promise<unknown>>()

  const askOnce = <T>(ask: () => Promise<T | undefined>): Promise<T | undefined> =>
    Promise.race([ask(), pause(askMs, undefined, { ref: false })]).catch(() => undefined)

  const look = async <T>(ask: () => Promise<T | undefined>): Promise<T | undefined> => {
    const until = Date.now() + giveUpMs
    for (let waitMs = minMs; ; waitMs = Math.min(waitMs * 2, maxMs)) {
      const isLast = ending.signal.aborted || Date.now() >= until
      const answer = await askOnce(ask)
      if (answer !== undefined || isLast) return answer
      await pause(waitMs, undefined, { ref: false, signal: ending.signal }).catch(() => undefined)
    }
  }

  return {
    settle(ask, tell) {
      if (open.size >= atOnce) return tell(undefined)
      const told = look(ask).then(tell)
      open.add(told)
      void told.finally(() => open.delete(told))
    },
    async close() {
      ending.abort()
      await Promise.allSettled(open)
    },
  }
}
