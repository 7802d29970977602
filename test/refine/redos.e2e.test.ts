/** Every pattern of these rooms before recheck, which looks for texts that make it slow, and the worst texts we know. */
import { expect, test } from '@jest/globals'
import { check } from 'recheck'
import { findThreats, THREATS } from '../../src/refine/threats.ts'
import { KEYS } from '../../src/refine/vendor-keys.ts'
import { hostileTexts, patternsOf } from './hostile-texts.ts'

const MEGABYTE = 1_048_576
const MAX_MS = 50
const TRIES = 2
/** What was slow is measured again before it is said to be: others use this machine too. */
const MORE_TRIES = 20

/** Of the processor. */
function timeOf(work: () => void, tries: number): number {
  const times = Array.from({ length: tries }, () => {
    const start = process.threadCpuUsage()
    work()
    return process.threadCpuUsage(start).user / 1_000
  })
  return Math.min(...times)
}

const isSlow = (work: () => void, maxMs = MAX_MS): boolean =>
  timeOf(work, TRIES) >= maxMs && timeOf(work, MORE_TRIES) >= maxMs

type Attack = readonly (readonly [beginning: string, repeated: string])[]

/** From small to large, so that what is not linear shows before it takes for ever. */
const SIZES = [2_048, 16_384, MEGABYTE]
/** Less is noise. */
const MIN_MS = 2

function isSlowWith(pattern: RegExp, attack: Attack, end: string): boolean {
  const all = new RegExp(pattern, pattern.sticky ? pattern.flags : `${pattern.flags.replace('g', '')}g`)
  return SIZES.some((size) => {
    const parts = attack.map(([beginning, repeated]) => {
      const times = Math.ceil(size / attack.length / Math.max(1, repeated.length))
      return beginning + repeated.repeat(times)
    })
    const text = parts.join('') + end
    return isSlow(() => void text.replace(all, ''), Math.max(MIN_MS, (MAX_MS * text.length) / MEGABYTE))
  })
}

/** Recheck takes these for polynomials, as it counts a repeat with a bound like one without. Each with what it found. */
const BOUNDED: readonly (readonly [pattern: RegExp, attack: Attack, end: string])[] = [
  [/\bunion\s{1,8}(?:all\s{1,8})?select\b[^&]{0,64}(?:\bfrom\b|,|--|#|\bnull\b|@@)/i, [['', 'UNION\tSELECT@']], '&'],
  [/[[,]\s{0,8}\[\s{0,8}\\{0,15}["']([\w.$-]{1,64})\\{0,15}["']\s{0,4},\s{0,4}(?=\\{0,15}["'])/g, [['', '[\t']], ''],
]

const inThreats = THREATS.flatMap(({ patterns }) => patterns)
  .map((one) => ('pattern' in one ? one.pattern : one))
  .filter((one) => one instanceof RegExp)
const patterns = [
  ...new Map([...['refine', 'config'].flatMap(patternsOf), ...inThreats].map((one) => [String(one), one])).values(),
]

/** Recheck works in a process of its own. */
const AT_ONCE = 2
const LIMITS = { timeout: 3_000, attackTimeout: 300, incubationTimeout: 300 }

/** What recheck says depends on its time and the machine; so each text that it finds is tried. */
test('no text that recheck finds makes a pattern take more than 50 ms for a megabyte', async () => {
  const slow: string[] = []
  const waiting = [...patterns]
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const answer = await check(toAnchored(next), next.flags.replace(/[gy]/g, ''), LIMITS)
      if (answer.status !== 'vulnerable') continue
      const { pumps, suffix } = answer.attack
      const attack = pumps.map(({ prefix, pump }) => [prefix, pump] as const)
      if (isSlowWith(next, attack, suffix)) slow.push(`${next}: ${JSON.stringify([attack, suffix])}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  expect(slow).toEqual([])
}, 300_000)

/** These are asked at one place at a time. */
const toAnchored = ({ source, sticky }: RegExp): string =>
  sticky || KEYS.some((key) => key.source === source) ? `^(?:${source})` : source

test.each(BOUNDED)('%s, which has bounds, takes under 50 ms for a megabyte', (pattern, attack, end) => {
  expect(patterns.map(String)).toContain(String(pattern))
  expect(isSlowWith(pattern, attack, end)).toBe(false)
})

test('the control: recheck notices a pattern that is not linear', async () => {
  expect((await check('(a+)+$', '')).status).toBe('vulnerable')
  expect((await check('a+b', '')).status).toBe('vulnerable')
  expect(isSlowWith(/a+b/, [['', 'a']], '')).toBe(true)
})

test('a megabyte of the worst address is looked through for threats in under 50 ms', () => {
  const slow = [...hostileTexts(MEGABYTE)].filter(([, text]) =>
    isSlow(() => void findThreats(`/?q=${text}`, text, text)),
  )
  expect(slow.map(([about]) => about)).toEqual([])
}, 300_000)
