import { expect, test } from '@jest/globals'
import type { Options } from '../../src/config/options.ts'
import { resolveConfig } from '../../src/config/resolve.ts'
import { toUserHash } from '../../src/refine/pseudonyms.ts'

const RULE = {
  name: 'a',
  description: 'b',
  severity: 'info',
  above: 0,
  windowMs: 1,
  minSamples: 0,
  cooldownMs: 1,
} as const

const rules = (alerts: unknown) => resolveConfig({ alerts } as Options, {}).alerts?.rules ?? []
const measureOf = (measure: unknown) => rules({ rules: [{ ...RULE, measure }] }).at(-1)?.measure
const complaint = (measure: unknown): string => {
  try {
    measureOf(measure)
    return ''
  } catch (error) {
    return String(error)
  }
}

test('a rule finds what a question with the same values finds, however they are written', () => {
  const given = {
    ...{ event_type: ['deploy.started'], method: ['get'], country: ['de', 'Narnia'], status_code: [500] },
    ...{ trace_id: ['4BF92F35-77B3-4DA6-A3CE-929D0E0E4736'], user_id: ['ada'], min_risk: 5 },
  }
  const stored = {
    ...{ event_type: ['DEPLOY_STARTED'], method: ['GET'], country: ['DE', 'Narnia'], status_code: [500] },
    ...{ trace_id: ['4bf92f3577b34da6a3ce929d0e0e4736'], user_id: ['ada'], min_risk: 5 },
  }
  expect(measureOf({ count: given })).toEqual({ count: stored })
  expect(measureOf({ p95: given })).toEqual({ p95: stored })
  expect(measureOf({ share: given, among: { country: ['nz'] } })).toEqual({ share: stored, among: { country: ['NZ'] } })
  expect(measureOf({ figure: 'shed' })).toEqual({ figure: 'shed' })
})

test('a limit of risk between two scores fires from the higher one on', () => {
  const least = (risk: number) => rules({ limits: { risk } }).find(({ name }) => name === 'high_risk')?.measure
  expect([62, 62.5, 63, Number.POSITIVE_INFINITY].map(least)).toEqual(
    [63, 63, 64, 101].map((min_risk) => ({ count: { min_risk } })),
  )
})

test.each([
  [{ count: { status_code: ['500'] } }, 'count.status_code: expected a list of whole numbers, 100 to 599.'],
  [{ count: { status_code: [2 ** 40] } }, 'count.status_code: expected a list of whole numbers, 100 to 599.'],
  [{ p95: { event_type: [1] } }, 'p95.event_type: expected a list of texts.'],
  [{ p95: { method: 'GET' } }, 'p95.method: expected a list of texts.'],
  [{ share: { trace_id: ['abc'] }, among: {} }, 'share.trace_id: expected a list of trace ids.'],
  [{ share: {}, among: { min_risk: 62.5 } }, 'among.min_risk: expected a whole number, 0 to 100.'],
  [{ count: { event_type: [] } }, 'count.event_type: it is empty, and matches nothing; leave it out or give a value.'],
  [{ share: {}, among: { status_code: [] } }, 'among.status_code: it is empty, and matches nothing'],
  [{ p95: { status: ['fail'] } }, 'p95.status: expected a list of success, failure, pending, in_progress.'],
  [{ count: { severity: ['fatal'] } }, 'count.severity: expected a list of debug, info, warning, error, critical.'],
  [{ count: { event_typ: ['A'] } }, 'count.event_typ: no such option; did you mean event_type?'],
])('%j is refused by name', (measure, line) => {
  expect(complaint(measure)).toContain(`alerts.rules, number 1: measure.${line}`)
})

test('where user ids are hashed, a rule is of the hash that events show: of an id there is another in each tenant', () => {
  const hash = toUserHash('a key', 'acme', 'ada')
  const ruleOf = (user_id: readonly string[], userIds: 'keep' | 'hash') => () =>
    resolveConfig(
      { userIds, hashKey: 'a-key-of-16-chars', alerts: { rules: [{ ...RULE, measure: { count: { user_id } } }] } },
      {},
    ).alerts?.rules.at(-1)?.measure
  expect(ruleOf(['ada'], 'keep')()).toEqual({ count: { user_id: ['ada'] } })
  expect(ruleOf([hash], 'hash')()).toEqual({ count: { user_id: [hash] } })
  for (const ids of [['ada'], [hash, 'ada']])
    expect(ruleOf(ids, 'hash')).toThrow(
      'alerts.rules, number 1: measure.count.user_id: user ids are kept as hashes (userIds), another one in each tenant; give the hash that events show.',
    )
})

test.each([
  [{ rules: null }, 'alerts.rules: expected a list.'],
  [{ rules: {} }, 'alerts.rules: expected a list.'],
  [{ limits: null }, 'alerts.limits: expected an object.'],
  [{ limits: 'none' }, 'alerts.limits: expected an object.'],
  [{ rules: [null] }, 'alerts.rules, number 1: it needs a name'],
])('%j is refused by name', (alerts, line) => {
  expect(() => rules(alerts)).toThrow(expect.objectContaining({ code: 'invalid_options' }))
  expect(() => rules(alerts)).toThrow(line)
})

test.each([undefined, 'fatal'])('a rule of severity %j is refused, as no list of alerts could show it', (severity) => {
  const rule = { ...RULE, measure: { figure: 'shed' }, severity }
  expect(() => rules({ rules: [rule] })).toThrow(
    'alerts.rules, number 1: severity: expected debug, info, warning, error or critical.',
  )
})
