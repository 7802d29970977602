/** The oldest versions that lack what was found in those before. Kept by hand: npm's own audit asks a server. */
import { type LockFile, toPackages } from './lock-file.ts'

interface Safe {
  /** One of each major version that is still cared for; older majors are not safe, newer ones are. */
  readonly from: readonly string[]
  readonly why: string
}

export const SAFE: Readonly<Record<string, Safe>> = {
  '@mikro-orm/core': { from: ['7.1.7'], why: 'CVE-2026-34220, -34221, -84993: raw SQL and directions out of JSON' },
  '@mikro-orm/postgresql': { from: ['7.1.7'], why: 'as @mikro-orm/core' },
  '@mikro-orm/pglite': { from: ['7.1.7'], why: 'as @mikro-orm/core' },
  ajv: { from: ['8.18.0'], why: 'patterns out of data, a regular expression that takes for ever' },
  'body-parser': { from: ['1.20.3', '2.2.1'], why: 'CVE-2024-45590, CVE-2025-13466: bodies that take for ever' },
  cookie: { from: ['0.7.0', '1.0.0'], why: 'CVE-2024-47764: other fields by a name' },
  express: { from: ['4.20.0', '5.0.0'], why: 'CVE-2024-43796: HTML in a redirect' },
  'form-data': { from: ['2.5.4', '3.0.4', '4.0.4'], why: 'CVE-2025-7783: boundaries that can be guessed' },
  'js-yaml': { from: ['3.14.2', '4.1.1'], why: 'CVE-2025-64718: a prototype out of a merge' },
  multer: { from: ['2.3.0'], why: 'CVE-2025-7338, CVE-2026-5079, -77063, -77078: multipart that ends the process' },
  node: { from: ['24.13.0'], why: 'CVE-2025-59466: a deep stack beside AsyncLocalStorage ends the process' },
  'path-to-regexp': { from: ['0.1.12', '1.9.0', '3.3.0', '6.3.0', '8.0.0'], why: 'CVE-2024-45296, -52798: ReDoS' },
  protobufjs: {
    from: ['7.5.8', '8.0.2'],
    why: 'GHSA-685m-2w69-288q, GHSA-q6x5-8v7m-xcrf: groups without end, odd UTF-8',
  },
  qs: { from: ['6.15.2'], why: 'CVE-2025-15284, CVE-2026-2391: lists beyond their bound' },
  send: { from: ['0.19.0', '1.1.0'], why: 'CVE-2024-43799: HTML in a redirect' },
  ws: { from: ['7.5.10', '8.17.1'], why: 'CVE-2024-37890: many headers end the process' },
}

export const findUnsafe = (lock: LockFile): string[] =>
  toPackages(lock).flatMap(([name, { version = '' }]) => {
    const safe = SAFE[name]
    if (safe === undefined || isSafe(version, safe.from)) return []
    return [`${name} ${version} is older than ${safe.from.join(' or ')}: ${safe.why}`]
  })

/** Each Node that `engines` lets in must be safe as well: `^22.22.3 || >=24.13`. */
export const findUnsafeEngines = (range: string): string[] =>
  range.split('||').flatMap((part) => {
    const [, version = ''] = /^\s*(?:\^|>=)\s*(\d+(?:\.\d+){0,2})\s*$/.exec(part) ?? []
    return isSafe(version, NODES) ? [] : [`engines.node lets in ${part.trim()}; safe are ${NODES.join(', ')}`]
  })

/** CVE-2025-59466 was mended in these. */
const NODES = ['20.20.0', '22.22.0', '24.13.0']

export function isSafe(version: string, from: readonly string[]): boolean {
  const [major = -1] = toNumbers(version)
  const same = from.find((safe) => toNumbers(safe)[0] === major)
  if (same === undefined) return from.every((safe) => (toNumbers(safe)[0] ?? 0) < major)
  // A release candidate comes before its version.
  const newer = compare(version, same)
  return newer > 0 || (newer === 0 && !version.includes('-'))
}

const toNumbers = (version: string): number[] =>
  (version.split(/[-+]/)[0] ?? '').split('.').map((part) => (part === '' ? -1 : Number(part)))

function compare(a: string, b: string): number {
  const [left, right] = [toNumbers(a), toNumbers(b)]
  for (let at = 0; at < 3; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
