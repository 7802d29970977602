/** How often the app's own caches had the answer, as the app tells. Counted in memory, told with the samples. */
import type { CacheTally } from '../event/ports/health.ts'

export interface Caches {
  hit(name: string): void
  miss(name: string): void
  /** Since the start. */
  tally(): Readonly<Record<string, CacheTally>>
}

/** More names than that are one, `other`: a name made of a key would fill the memory. */
const MAX_CACHES = 100
const OTHER = 'other'
const MAX_NAME_CHARS = 64

export function createCaches(): Caches {
  const counts = new Map<string, { hits: number; misses: number }>()
  const countsOf = (name: string): { hits: number; misses: number } => {
    const short = String(name).slice(0, MAX_NAME_CHARS)
    const known = counts.get(short)
    if (known) return known
    if (counts.size >= MAX_CACHES && short !== OTHER) return countsOf(OTHER)
    const fresh = { hits: 0, misses: 0 }
    counts.set(short, fresh)
    return fresh
  }
  return {
    hit: (name) => void countsOf(name).hits++,
    miss: (name) => void countsOf(name).misses++,
    tally: () => Object.fromEntries([...counts].map(([name, of]) => [name, toCacheTally(of.hits, of.misses)])),
  }
}

const DECIMALS = 10_000

export function toCacheTally(hits: number, misses: number): CacheTally {
  const asked = hits + misses
  return { hits, misses, ratio: asked === 0 ? null : Math.round((hits / asked) * DECIMALS) / DECIMALS }
}
