/** Answers that are kept, for texts that come again with each event. */

const MAX_KEPT = 500

/** `find`, asked once for each text whose answer may be kept. When there are too many, all are forgotten. */
export function remembering<T>(
  find: (text: string) => T,
  mayKeep: (text: string, found: T) => boolean,
  maxKept = MAX_KEPT,
): (text: string) => T {
  const kept = new Map<string, T>()
  return (text) => {
    const known = kept.get(text)
    if (known !== undefined) return known
    const found = find(text)
    if (mayKeep(text, found)) {
      if (kept.size >= maxKept) kept.clear()
      kept.set(text, found)
    }
    return found
  }
}
