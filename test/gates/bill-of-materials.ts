/** What Daybook brings with it, as CycloneDX: `npm run sbom` writes `sbom.cdx.json`. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { type LockFile, toPackages } from './lock-file.ts'

export interface Bill {
  readonly bomFormat?: unknown
  readonly specVersion?: unknown
  readonly metadata?: { readonly component?: { name?: string } }
  components: readonly Component[]
  dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[]
}

interface Component {
  readonly 'bom-ref': string
  readonly name: string
  readonly version: string
  readonly purl?: string
  readonly hashes?: readonly { readonly alg: string }[]
}

/**
 * By npm's own command, from the lock file alone. What is for development only is taken out here: `--omit dev` also
 * leaves out what both need, which is most of it.
 */
export function makeBill(root: string, lock: LockFile): Bill {
  const asked = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--loglevel', 'error']
  const bill: Bill = JSON.parse(execFileSync('npm', asked, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1_048_576 }))
  const used = toUsed(lock)
  bill.components = bill.components.filter(({ name, version }) => used.has(`${name}@${version}`))
  const refs = new Set(bill.components.map((component) => component['bom-ref']))
  bill.dependencies = bill.dependencies
    .filter(({ ref }) => refs.has(ref) || ref.startsWith('daybook@'))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }))
  // Npm calls it by its folder.
  if (bill.metadata?.component) bill.metadata.component.name = 'daybook'
  return bill
}

const toUsed = (lock: LockFile): ReadonlySet<string> =>
  new Set(toPackages(lock).flatMap(([name, { version, dev }]) => (dev ? [] : [`${name}@${version}`])))

export function findGaps({ bomFormat, specVersion, components }: Bill, lock: LockFile): string[] {
  const heads = bomFormat === 'CycloneDX' && specVersion === '1.5' ? [] : ['it is no CycloneDX 1.5']
  const gaps = components.flatMap(({ name, version, purl = '', hashes = [] }) => [
    ...(purl.startsWith('pkg:npm/') && purl.endsWith(`@${version}`) ? [] : [`${name} has no address of a package`]),
    ...(hashes.some(({ alg }) => alg === 'SHA-512') ? [] : [`${name} has no SHA-512`]),
  ])
  const told = new Set(components.map(({ name, version }) => `${name}@${version}`))
  const lacking = [...toUsed(lock)].filter((used) => !told.has(used)).map((used) => `${used} is not in it`)
  return [...heads, ...gaps, ...lacking].map((gap) => `The bill of materials: ${gap}`)
}

if (import.meta.main) {
  const lock: LockFile = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  writeFileSync('sbom.cdx.json', `${JSON.stringify(makeBill('.', lock), null, 2)}\n`)
}
