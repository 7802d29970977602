/** The package's own version and files, found from `src/config` and from `dist/src/config` alike. */
import { readFileSync } from 'node:fs'
import { Fault } from '../event/fault.ts'

/** From this file to a path in the package. */
export const toPackageUrl = (path: string): URL =>
  new URL(import.meta.url.endsWith('.ts') ? `../../${path}` : `../../../${path}`, import.meta.url)

interface Manifest {
  readonly name: string
  readonly version: string
  readonly engines: { readonly node: string }
}

/** What lies there where this file was built into another may be the manifest of the app. */
function readManifest(): Manifest {
  try {
    const manifest: Manifest = JSON.parse(readFileSync(toPackageUrl('package.json'), 'utf8'))
    if (manifest.name === 'daybook') return manifest
  } catch {
    // Told below, in words that say what to do.
  }
  throw new Fault(
    'bundled',
    "Daybook can't find its own files, as when a bundler has built it into a file of the app. Leave it out of the bundle, as by `external: ['daybook']`, and install it where the app runs.",
  )
}

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
