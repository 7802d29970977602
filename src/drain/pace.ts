/** How many lines share a transaction: more while it goes fast, fewer when the database is slow. */
export interface Pace {
  lines(): number
  /** A batch of `lines` was stored in `ms`, and should take about `aimMs`. */
  took(lines: number, ms: number, aimMs: number): void
  /** A batch was not stored in time. */
  stalled(): void
}

export function createPace(minLines: number, startLines: number, maxLines: number): Pace {
  let lines = startLines
  const set = (next: number): void => {
    lines = Math.max(minLines, Math.min(maxLines, Math.round(next)))
  }
  return {
    lines: () => lines,
    took(stored, ms, aimMs) {
      if (ms > aimMs * 2) set(lines / 2)
      // A batch that was not full tells nothing of a larger one.
      else if (stored >= lines && ms * 2 < aimMs) set(lines * 2)
    },
    stalled: () => set(lines / 4),
  }
}
