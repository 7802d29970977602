/** docs/risk.md: its tables of weights, and its worked examples, each as it is written there. */
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { createRiskWindows } from '../../src/drain/windows.ts'
import type { Draft, Event } from '../../src/event/event.ts'
import type { Known } from '../../src/event/ports/drain.ts'
import { isThreat, RISK_DEFAULTS, RISK_LIMITS, RISK_WEIGHTS, SENSITIVE_PATHS } from '../../src/event/risk.ts'
import { createTestRefinery } from '../kit/events.ts'

const page = readFileSync(new URL('../../docs/risk.md', import.meta.url), 'utf8')
const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
const [factorPart = '', examplePart = ''] = page.split(/## Examples|## How well/)
const rowsOf = (part: string): string[][] =>
  part
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| before') && !line.startsWith('| factor'))
    .map(cellsOf)

test('the page names every factor with its weight, every limit, and every sensitive path', () => {
  const weights = rowsOf(factorPart).map(([name = '', weight]) => [name.replaceAll('`', ''), Number(weight)])
  expect(Object.fromEntries(weights)).toEqual(RISK_WEIGHTS)
  for (const [name, value] of Object.entries(RISK_LIMITS)) expect(page).toContain(`\`${name}\` (${value})`)
  for (const path of SENSITIVE_PATHS)
    expect(page.replaceAll('\n', ' ')).toContain(` ${path}${path === '.git' ? '.' : ','}`)
})

const START_MS = Date.parse('2026-11-02T10:00:00Z')
const APART_MS = 100
const MINUTE_MS = 60_000
const STEP = /^(?:(\d+) min later )?(?:(\d+) × )?`(\{.*\})`(?: every (\d+) min)?$/

interface Step {
  readonly at: number
  readonly draft: Partial<Draft>
}

/** What the words of a cell mean, as drafts with their times. */
function toSteps(before: string, event: string): Step[] {
  const steps: Step[] = []
  let at = START_MS
  for (const text of [...(before === '' ? [] : before.split('; ')), event]) {
    const [, later = '0', times = '1', json = '', every] = STEP.exec(text) ?? []
    if (json === '') throw new Error(`${text}: no step.`)
    const apart = every === undefined ? APART_MS : Number(every) * MINUTE_MS
    // Without the pause of one round more.
    if (later !== '0') at = (steps.at(-1)?.at ?? START_MS) + Number(later) * MINUTE_MS
    for (let n = 0; n < Number(times); n++, at += apart) steps.push({ at, draft: JSON.parse(json) })
  }
  return steps
}

function play(steps: readonly Step[]): Event | undefined {
  const first = steps[0]?.at ?? 0
  const { seal } = createTestRefinery({ risk: RISK_DEFAULTS, clock: () => first * 1000, maxAheadMs: Infinity })
  const windows = createRiskWindows(RISK_DEFAULTS)
  const known = new Map<string, Known>()
  const events = steps.map(({ at, draft }) =>
    seal({ event_type: 'API_REQUEST', user_id: 'ada', created_at: at, ...draft }),
  )
  for (const [key, one] of windows.knownOf(events)) known.set(key, one)
  return events.map((event) => windows.assess(event, known)).at(-1)
}

const examples = rowsOf(examplePart)

test('there are examples of every factor', () => {
  const named = new Set(examples.flatMap(([, , factors = '']) => factors.split(', ')))
  expect([...named].filter((name) => name !== '' && name !== 'given' && !isThreat(name)).sort()).toEqual(
    Object.keys(RISK_WEIGHTS).sort(),
  )
})

test.each(examples)('after %s: %s', (before, event, factors, score) => {
  const judged = play(toSteps(before ?? '', event ?? ''))
  expect(judged?.risk_factors?.join(', ') ?? '').toBe(factors)
  expect(String(judged?.risk_score ?? '')).toBe(score)
})
