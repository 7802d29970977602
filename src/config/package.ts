/** The package's own version and files, found from `src/config` and from `dist/src/config` alike. */
import { readFileSync } from 'node:fs'

/** From this file to a path in the package. */
export const toPackageUrl = (path: string): URL =>
  new URL(import.meta.url.endsWith('.ts') ? `../../${path}` : `../../../${path}`, import.meta.url)

const readManifest = () => JSON.parse(readFileSync(toPackageUrl('package.json'), 'utf8'))

export const readVersion = (): string => readManifest().version

export interface Runtime {
  readonly version: string
  /** What package.json asks of it. */
  readonly range: string
  readonly isSupported: boolean
}

/** Whether this Node.js is one that the package runs on: each alternative of `engines.node` is `^a.b.c` or `>=a.b.c`. */
export function readRuntime(version: string = process.versions.node): Runtime {
  const range: string = readManifest().engines.node
  const isSupported = range.split('||').some((part) => {
    const [, sign, least = ''] = /^\s*(\^|>=)([\d.]+)\s*$/.exec(part) ?? []
    return isAtLeast(version, least) && (sign === '>=' || version.split('.')[0] === least.split('.')[0])
  })
  return { version, range, isSupported }
}

function isAtLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((text) => text.split('.').map(Number))
  for (let i = 0; i < 3; i++) {
    const [a = 0, b = 0] = [have?.[i], want?.[i]]
    if (a !== b) return a > b
  }
  return true
}
