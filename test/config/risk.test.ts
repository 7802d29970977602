import { resolve } from 'node:path'
import { expect, test } from '@jest/globals'
import type { Options } from '../../src/config/options.ts'
import { type Env, resolveConfig } from '../../src/config/resolve.ts'
import { RISK_DEFAULTS } from '../../src/event/risk.ts'

const risk = (options: Options, env: Env = {}) => resolveConfig(options, env).risk
const complaint = (given: unknown): string => {
  try {
    risk({ risk: given } as Options)
    return ''
  } catch (error) {
    return String(error)
  }
}

test('risk is on unless it is switched off, by option or variable', () => {
  expect(risk({})).toEqual(RISK_DEFAULTS)
  expect(risk({}, { DAYBOOK_RISK: 'on' })).toEqual(RISK_DEFAULTS)
  expect(risk({ risk: {} }, { DAYBOOK_RISK: 'off' })).toEqual(RISK_DEFAULTS)
  expect([risk({ risk: false }), risk({}, { DAYBOOK_RISK: 'off' })]).toEqual([undefined, undefined])
})

test('what an app sets takes the place of a default, and the others stay', () => {
  const config = risk({ risk: { weights: { rate: 0, new_country: 35 }, sensitivePaths: ['vault'], bulkReads: 1000 } })
  expect(config).toEqual({
    ...RISK_DEFAULTS,
    bulkReads: 1000,
    sensitivePaths: ['vault'],
    weights: { ...RISK_DEFAULTS.weights, rate: 0, new_country: 35 },
  })
})

test.each([
  ['yes', 'risk: expected off (false), on, or an object'],
  [{ weights: { new_contry: 3 } }, 'risk.weights.new_contry: no such option; did you mean new_country?'],
  [{ weights: { rate: 101 } }, 'risk.weights.rate: expected points, 0 to 100.'],
  [{ weights: { rate: '3' } }, 'risk.weights.rate: expected points, 0 to 100.'],
  [{ weights: [] }, 'risk.weights: expected an object'],
  [{ sensitivePaths: 'admin' }, 'risk.sensitivePaths: expected a list of names.'],
  [{ bulkRead: 5 }, 'risk.bulkRead: no such option; did you mean bulkReads?'],
  [{ probes: 0 }, 'risk.probes: expected a number above 0.'],
  [{ probes: Number.POSITIVE_INFINITY }, 'risk.probes: expected a number above 0.'],
])('%j is refused by name', (given, line) => {
  expect(complaint(given)).toContain(line)
})

test('databases of places are paths of the process, with commas between them', () => {
  const paths = (options: Options, value?: string) =>
    resolveConfig(options, { DAYBOOK_GEO_DATABASE: value }).geoDatabase
  expect(paths({})).toBeUndefined()
  expect(paths({ geoDatabase: 'city.mmdb' }, '/b')).toEqual([resolve('city.mmdb')])
  expect(paths({}, '/v4.mmdb, /v6.mmdb')).toEqual(['/v4.mmdb', '/v6.mmdb'])
})

test('the process is sampled once a minute where it tells of its life', () => {
  const seconds = (options: Options) => resolveConfig(options, {}).systemMetricsSeconds
  expect([seconds({}), seconds({ systemEvents: true })]).toEqual([0, 60])
  expect([seconds({ systemMetricsSeconds: 5 }), seconds({ systemEvents: true, systemMetricsSeconds: 0 })]).toEqual([
    5, 0,
  ])
})
