/** How many lines share a transaction: more while it goes fast, fewer when the database is slow. */
export interface Pace {
  lines(): number
  /** A batch of `lines` was stored in `ms`. */
  took(lines: number, ms: number): void
  /** A batch was not stored in time. */
  stalled(): void
}

/** A batch should take about this long: long enough to pay for its commit, short enough to give readers their turn. */
const AIM_MS = 250

export function createPace(minLines: number, startLines: number, maxLines: number): Pace {
  let lines = startLines
  const set = (next: number): void => {
    lines = Math.max(minLines, Math.min(maxLines, Math.round(next)))
  }
  return {
    lines: () => lines,
    took(stored, ms) {
      if (ms > AIM_MS * 2) set(lines / 2)
      // A batch that was not full tells nothing of a larger one.
      else if (stored >= lines && ms < AIM_MS) set(lines * 1.5)
    },
    stalled: () => set(lines / 4),
  }
}
