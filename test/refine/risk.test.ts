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

test.each([
  ['/vault', true],
  ['/api/Vault/7', true],
  ['/.env', true],
  ['/a+b/', true],
  ['/übersicht/7', true],
  ['/vaults', false],
  ['/xenv', false],
  ['/aab', false],
])('%s: a sensitive word is a whole part of a path, and no pattern: %s', (path, isSensitive) => {
  const row: Scored = { event_type: 'API_REQUEST', status: 'success', route: '/{*all}', path }
  createScoreRisk({ ...RISK_DEFAULTS, sensitivePaths: ['vault', '.env', 'a+b', 'Übersicht'] })(row)
  expect(row.risk_factors ?? []).toEqual(isSensitive ? ['sensitive_endpoint'] : [])
})

test.each([
  ['/reports/EXPORT.csv', true],
  ['/Downloads/7', true],
  ['dump', true],
  ['/a/backups', true],
  ['/exporters', false],
  ['/a-dump', false],
])('%s: what leads to an export is a whole part of a path, or begins a file: %s', (path, isExport) => {
  const row: Scored = { event_type: 'API_REQUEST', status: 'success', route: '/{*all}', path }
  createScoreRisk(RISK_DEFAULTS)(row)
  expect(row.risk_factors ?? []).toEqual(isExport ? ['bulk_export'] : [])
})

test('without sensitive words no path is one', () => {
  const row: Scored = { event_type: 'API_REQUEST', status: 'success', path: '/admin' }
  createScoreRisk({ ...RISK_DEFAULTS, sensitivePaths: [] })(row)
  expect(row).not.toHaveProperty('risk_factors')
})

test.each([
  [{ route: '/admin/users/:id' }, true],
  [{ metadata: { sensitive: true } }, true],
  [{ metadata: { sensitive: false } }, false],
])('%j: an event without a path is sensitive by its route, or where it is marked: %s', (columns, isSensitive) => {
  const row: Scored = { event_type: 'API_REQUEST', status: 'success', ...columns }
  createScoreRisk(RISK_DEFAULTS)(row)
  expect(row.risk_factors ?? []).toEqual(isSensitive ? ['sensitive_endpoint'] : [])
})
