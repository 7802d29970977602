/** Edit distance (Levenshtein) between two words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    let diagonal = row[0] ?? 0
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const above = row[j + 1] ?? 0
      next.push(Math.min(above + 1, (next[j] ?? 0) + 1, diagonal + (letter === b[j] ? 0 : 1)))
      diagonal = above
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** The known name that was probably meant; undefined when none is near. */
export function toNearest(name: string, known: readonly string[]): string | undefined {
  const lower = name.toLowerCase()
  const near = known
    .map((candidate) => ({ candidate, far: distance(lower, candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)[0]
  return near && near.far <= Math.max(2, Math.floor(name.length / 3)) ? near.candidate : undefined
}

export const advise = (near: string | undefined): string => (near ? `; did you mean ${near}?` : '.')

const MAX_NAME_CHARS = 64
/** A name that somebody wrote, on one line and no longer than names are. */
export const showName = (name: string): string => name.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_NAME_CHARS)
