/** Countries and devices may be called anything: what is known of a user is theirs alone. */
import { expect, test } from '@jest/globals'
import { createRiskWindows } from '../../src/drain/windows.ts'
import type { Known } from '../../src/event/ports/drain.ts'
import { RISK_DEFAULTS } from '../../src/event/risk.ts'
import { createTestRefinery } from '../kit/events.ts'

const START_MS = Date.parse('2026-11-21T10:05:00Z')
const { seal } = createTestRefinery({ risk: RISK_DEFAULTS, clock: () => START_MS * 1000, maxAheadMs: Infinity })
const windows = createRiskWindows(RISK_DEFAULTS)

/** At home for a day, then elsewhere twice, and later still; what is known goes through JSON each time. */
function play(name: string): readonly unknown[] {
  let profile = '{}'
  return [0, 1_440, 1_441, 1_450, 4_320].map((minute, n) => {
    const place = n === 0 ? { country: 'DE', device: 'Firefox on Linux, desktop' } : { country: name, device: name }
    const created_at = START_MS + minute * 60_000
    const event = seal({ event_type: 'API_REQUEST', user_id: 'ada', source_ip: '198.51.100.7', created_at, ...place })
    const known: Map<string, Known> = windows.knownOf([event])
    for (const one of known.values()) one.profile = JSON.parse(profile)
    const { risk_score, risk_factors } = windows.assess(event, known)
    profile = JSON.stringify([...known.values()][0]?.profile)
    return { risk_score, risk_factors }
  })
}

test.each(['__proto__', 'constructor', 'toString', 'valueOf'])('%s is a place like any other', (name) => {
  const before = Reflect.ownKeys(Object.prototype)
  expect(play(name)).toEqual(play('elsewhere'))
  expect(Reflect.ownKeys(Object.prototype)).toEqual(before)
})
