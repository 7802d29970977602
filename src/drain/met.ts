/** Countries and devices of one user: when each was met first and last. */

/** Minutes since 1970: first, last; then 1 where the user could not have travelled there. */
export type Met = Record<string, [first: number, last: number, impossible?: 1]>

const MAX_MET = 20

/** Whoever sends an event may have named the place: `__proto__` and `constructor` are in every object. */
export const metAt = (met: Met, name: string): Met[string] | undefined =>
  Object.hasOwn(met, name) ? met[name] : undefined

/** New are those met for the first time not long ago, beside others; the very first ones are where a user begins. */
export function isNew(met: Met, name: string, minute: number, newForMinutes: number): boolean {
  const first = metAt(met, name)?.[0] ?? minute
  if (minute - first >= newForMinutes) return false
  for (const other in met) if (other !== name && (met[other]?.[0] ?? first) < first) return true
  return false
}

export function meet(met: Met, name: string, minute: number): void {
  const known = metAt(met, name)
  if (known) {
    known[1] = Math.max(known[1], minute)
    return
  }
  Object.defineProperty(met, name, { value: [minute, minute], enumerable: true, configurable: true, writable: true })
  const names = Object.keys(met)
  if (names.length <= MAX_MET) return
  const [longestAgo] = names.sort((a, b) => (met[a]?.[1] ?? 0) - (met[b]?.[1] ?? 0))
  if (longestAgo !== undefined) delete met[longestAgo]
}
