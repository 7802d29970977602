/** Milliseconds since a moment of `performance.now()`, to the microsecond. */
export const toElapsedMs = (startedAt: number): number => Math.round((performance.now() - startedAt) * 1000) / 1000
