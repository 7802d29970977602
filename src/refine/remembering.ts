/** Answers that are kept, for texts that come again with each event. */

const MAX_KEPT = 500

/** Of a text that was cut out of another, V8 keeps the other, which may be a megabyte, and hold a secret. */
const toOwn = (text: string): string => ` ${text}`.slice(1)

/**
 * `find`, asked once for each text whose answer may be kept. When there are too many, all are forgotten. The last text often
 * is the next one, too, and to compare two takes less than to look one up.
 */
export function remembering<T>(
  find: (text: string) => T,
  mayKeep: (text: string, found: T) => boolean,
  maxKept = MAX_KEPT,
): (text: string) => T {
  const kept = new Map<string, Known<T>>()
  let last: Known<T> | undefined
  return (text) => {
    if (last?.text === text) return last.found
    const known = kept.get(text)
    if (known) {
      last = known
      return known.found
    }
    const own = toOwn(text)
    const found = find(own)
    if (mayKeep(own, found)) {
      if (kept.size >= maxKept) kept.clear()
      kept.set(own, { text: own, found })
    }
    return found
  }
}

interface Known<T> {
  readonly text: string
  readonly found: T
}
