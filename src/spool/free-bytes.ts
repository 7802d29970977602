import { statfsSync } from 'node:fs'

/** What is left where the folder lies; endless where nobody can say. */
export function freeBytes(dir: string): number {
  try {
    const { bavail, bsize } = statfsSync(dir)
    return bavail * bsize
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
