import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { findGaps } from './bill-of-materials.ts'
import { findForeign, findInstallScripts, type LockEntry, type LockFile, toPackages } from './lock-file.ts'
import { findUnsafe, findUnsafeEngines, isSafe, SAFE } from './safe-versions.ts'
import { findSecrets } from './secrets.ts'

const LOCK: LockFile = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const integrity = `sha512-${'A'.repeat(86)}==`
const lockOf = (entry: LockEntry, place = 'node_modules/a'): LockFile => ({ packages: { '': {}, [place]: entry } })

test('a version from before a known hole is refused, wherever in the tree it is, and is told why', () => {
  const deep = lockOf({ version: '6.15.1', dev: true }, 'node_modules/a/node_modules/qs')
  expect(findUnsafe(deep)).toEqual([expect.stringMatching(/^qs 6\.15\.1 is older than 6\.15\.2: CVE-/)])
  expect(findUnsafe(lockOf({ name: 'qs', version: '6.0.0' }, 'node_modules/other'))).toHaveLength(1)
  expect(findUnsafe(LOCK)).toEqual([])
})

test.each([
  ['7.5.8', true],
  ['7.5.7', false],
  ['7.10.0', true],
  ['8.0.1', false],
  ['8.0.2-rc.1', false],
  ['8.0.2', true],
  ['9.0.0', true],
  ['6.99.0', false],
  ['', false],
] as const)('of 7.5.8 and 8.0.2, %s is safe: %s', (version, safe) =>
  expect(isSafe(version, ['7.5.8', '8.0.2'])).toBe(safe),
)

test('every package of the list that is older than its oldest safe version would be refused', () => {
  for (const name of Object.keys(SAFE))
    expect(findUnsafe(lockOf({ version: '0.0.1' }, `node_modules/${name}`))).toHaveLength(1)
})

test('an engine that lets in a Node with a known hole is refused', () => {
  expect(findUnsafeEngines('^22.22.3 || >=24.13')).toEqual([])
  expect(findUnsafeEngines('^22.22.3 || >=24')).toHaveLength(1)
  expect(findUnsafeEngines('>=18')).toHaveLength(1)
  expect(findUnsafeEngines('*')).toHaveLength(1)
})

test.each<[string, LockEntry]>([
  ['from another host', { integrity, resolved: 'https://registry.npmjs.org.evil.test/a.tgz' }],
  ['without encryption', { integrity, resolved: 'http://registry.npmjs.org/a.tgz' }],
  ['from git', { integrity, resolved: 'git+ssh://git@github.com/a/a.git#abc' }],
  ['without its hash', {}],
  ['with a weak hash', { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }],
  ['that is a link', { integrity, link: true }],
  ['that asks for another by git', { integrity, dependencies: { b: 'git+https://github.com/b/b.git' } }],
  ['that asks for another by its owner on GitHub', { integrity, optionalDependencies: { b: 'b/b' } }],
  ['that asks for another by a file', { integrity, dependencies: { b: 'file:../b' } }],
  ['that asks for another by an address', { integrity, peerDependencies: { b: 'https://b.test/b.tgz' } }],
])('a package %s is refused', (_, entry) => expect(findForeign(lockOf(entry))).toHaveLength(1))

test('what is in the lock file comes from the registry, and runs nothing when a user installs it', () => {
  expect(findForeign(lockOf({ integrity, resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz' }))).toEqual([])
  expect([findForeign(LOCK), findInstallScripts(LOCK)]).toEqual([[], []])
  expect(findInstallScripts(lockOf({ hasInstallScript: true }))).toHaveLength(1)
  expect(findInstallScripts(lockOf({ hasInstallScript: true, dev: true }))).toEqual([])
})

test('a bill of materials that leaves a package out, or does not say which it is, is refused', () => {
  const lock = lockOf({ version: '1.0.0' })
  const hashes = [{ alg: 'SHA-512' }]
  const part = { 'bom-ref': 'a@1.0.0', name: 'a', version: '1.0.0', purl: 'pkg:npm/a@1.0.0', hashes }
  const bill = { bomFormat: 'CycloneDX', specVersion: '1.5', dependencies: [] }
  expect(findGaps({ ...bill, components: [part] }, lock)).toEqual([])
  expect(findGaps({ ...bill, components: [] }, lock)).toEqual([expect.stringMatching(/a@1\.0\.0 is not in it/)])
  expect(findGaps({ ...bill, components: [{ ...part, purl: '', hashes: [] }] }, lock)).toHaveLength(2)
  expect(findGaps({ ...bill, components: [part], specVersion: '0' }, lock)).toHaveLength(1)
  expect(toPackages(lock)).toHaveLength(1)
})

test('a secret in a file is found with its line, and is not told', () => {
  const key = ['gh', 'p_', 'x7Yp'.repeat(9)].join('')
  const [found = ''] = findSecrets('a.ts', `one\ntwo = '${key}'\n`)
  expect(found).toMatch(/^a\.ts:2 /)
  expect(found).not.toContain(key)
  const url = `${['post', 'gres://app:hunter2'].join('')}@db.internal/app`
  expect(findSecrets('a.ts', url)).toHaveLength(1)
  expect(findSecrets('a.ts', 'postgres://user:password@localhost/app and postgres://localhost/app')).toEqual([])
})
