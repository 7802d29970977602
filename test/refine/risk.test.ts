import { expect, test } from '@jest/globals'
import { RISK_DEFAULTS } from '../../src/event/risk.ts'
import { createScoreRisk, type Scored } from '../../src/refine/risk.ts'

test('a threat that was found in a request keeps its name and counts', () => {
  const row: Scored = { event_type: 'API_REQUEST', status: 'success', path: '/a', risk_factors: ['threat:traversal'] }
  createScoreRisk(RISK_DEFAULTS)(row)
  expect(row).toMatchObject({
    risk_score: RISK_DEFAULTS.weights.threat_pattern,
    risk_factors: ['threat:traversal', 'threat_pattern'],
  })
})
