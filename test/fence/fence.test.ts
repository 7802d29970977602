import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Violation } from './source-rules.ts'

const FENCE = 'test/fence/fence.ts'
const PLANTED = 'test/fence/planted'

interface Report {
  readonly status: number | null
  readonly rules: readonly string[]
  readonly violations: readonly Violation[]
}

/** In a process of its own: the parsers' native code is not for Jest's VM. */
function runFence(root: string, flags: readonly string[] = []): Report {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, FENCE, '--json', root], {
    encoding: 'utf8',
    maxBuffer: 50_000_000,
  })
  if (stdout === '') throw new Error(`The fence ended without a report: ${stderr}`)
  return { status, ...JSON.parse(stdout) }
}

const toPairs = ({ violations }: Report): string[] => violations.map(({ file, rule }) => `${file} ${rule}`).sort()

/** A planted file says in its first line which rule refuses it; a file without that line is allowed. */
function readPlanted(): string[] {
  return readdirSync(join(PLANTED, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name, rule: /^\/\/ refused: (.+)/.exec(readFileSync(join(PLANTED, 'src', name), 'utf8'))?.[1] }))
    .filter(({ rule }) => rule !== undefined)
    .map(({ name, rule }) => `src/${name} ${rule}`)
    .sort()
}

describe('the fence', () => {
  const planted = runFence(PLANTED)

  test('refuses each planted violation by its rule, and nothing that is allowed', () => {
    expect(toPairs(planted)).toEqual(readPlanted())
    expect(planted.status).toBe(1)
  })

  test('has a planted violation for each of its rules', () => {
    const refusing = new Set(planted.violations.map(({ rule }) => rule))
    expect(planted.rules.filter((rule) => !refusing.has(rule))).toEqual(['every-import-is-read'])
  })

  test('says of each violation what to do instead', () => {
    for (const { instead } of planted.violations) expect(instead).toMatch(/\w+ .{10}/)
  })

  test('refuses every file when the parser cannot be loaded, instead of finding nothing wrong', () => {
    const blind = runFence(PLANTED, ['--import', './test/fence/without-swc.mjs'])
    const unread = blind.violations.filter(({ rule }) => rule === 'every-import-is-read')
    expect(unread.length).toBeGreaterThan(20)
    expect(blind.status).toBe(1)
  })

  test('has nothing to say about src', () => {
    const { violations, status } = runFence('.')
    expect(violations).toEqual([])
    expect(status).toBe(0)
  })
})
