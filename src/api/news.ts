/** What is said at most so often. With more names than these in that time, some are said more often. */
const MAX_NAMES = 1_000

export function createNews(everyMs: number, nowMs: () => number = Date.now): (name: string) => boolean {
  const said = new Map<string, number>()
  return (name) => {
    const now = nowMs()
    if (now - (said.get(name) ?? Number.NEGATIVE_INFINITY) < everyMs) return false
    if (said.size >= MAX_NAMES) said.clear()
    said.set(name, now)
    return true
  }
}
