/** How long requests took, by what was going on at the time. */
export interface Times {
  readonly requests: number
  readonly failed: number
  readonly p50_ms: number
  readonly p99_ms: number
  readonly max_ms: number
}

export interface RequestTimes {
  readonly add: (ms: number, isAnswered: boolean) => void
  /** What was added since the last call. */
  take(): Times
}

export function createRequestTimes(): RequestTimes {
  let all: number[] = []
  let failed = 0
  return {
    add(ms, isAnswered) {
      all.push(ms)
      if (!isAnswered) failed++
    },
    take() {
      const sorted = all.sort((a, b) => a - b)
      const at = (share: number): number =>
        Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10
      const times = { requests: sorted.length, failed, p50_ms: at(0.5), p99_ms: at(0.99), max_ms: at(1) }
      all = []
      failed = 0
      return times
    },
  }
}
