/** Waits that double from `minMs` to `maxMs`, with full jitter, so that a fleet does not come back all at once. */
export interface Backoff {
  next(): number
  reset(): void
}

export function createBackoff(minMs: number, maxMs: number, random: () => number = Math.random): Backoff {
  let ceiling = minMs
  return {
    next() {
      const wait = minMs + random() * (ceiling - minMs)
      ceiling = Math.min(maxMs, ceiling * 2)
      return wait
    },
    reset() {
      ceiling = minMs
    },
  }
}
