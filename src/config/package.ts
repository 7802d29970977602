/** The package's own version and files, found from `src/config` and from `dist/src/config` alike. */
import { readFileSync } from 'node:fs'

/** From this file to a path in the package. */
export const toPackageUrl = (path: string): URL =>
  new URL(import.meta.url.endsWith('.ts') ? `../../${path}` : `../../../${path}`, import.meta.url)

export const readVersion = (): string => JSON.parse(readFileSync(toPackageUrl('package.json'), 'utf8')).version
