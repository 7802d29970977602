/** What only grows, from one look of a rule to its next. */
import { expect, test } from '@jest/globals'
import { createFigures } from '../../src/alerting.ts'
import { createAlerts } from '../../src/alerts/alerts.ts'
import type { AlertRule } from '../../src/event/alert.ts'
import { ALERT_LIMITS, toShippedRules } from '../../src/event/alert-rules.ts'
import type { AlertStore, AlertTelling } from '../../src/event/ports/alerts.ts'
import { createSignals, SHED } from '../../src/event/signals.ts'

const RULE = toShippedRules(ALERT_LIMITS).find(({ name }) => name === 'events_shed') as AlertRule

function watch(rules: readonly AlertRule[], signals = createSignals()) {
  const told: [rule: string, value: number][] = []
  const database = { isAway: false }
  const store: AlertStore = {
    measure: async () => [],
    async claim(_rule, _measured, isBeyond) {
      if (database.isAway) throw new Error('away')
      return isBeyond ? { id: '1', what: 'fired' } : undefined
    },
    noteChannels: async () => undefined,
  }
  const send = async ({ rule, measured }: AlertTelling) => void told.push([rule.name, measured.value])
  const figure = createFigures({ dir: '/', signals, status: () => undefined })
  const { look } = createAlerts({ store, rules, channels: [{ name: 'test', send }], figure, tenant: 'default' })
  return { look, told, database, shed: (count: number) => void Atomics.add(new Int32Array(signals), SHED, count) }
}

test('what was shed while the database was away is told when it is back, and once', async () => {
  const { look, told, database, shed } = watch([RULE])
  await look()
  database.isAway = true
  shed(3)
  await look()
  shed(2)
  await look()
  expect(told).toEqual([])
  database.isAway = false
  await look()
  await look()
  expect(told).toEqual([['events_shed', 5]])
})

test('each of two rules on one figure is told', async () => {
  const { look, told, shed } = watch([RULE, { ...RULE, name: 'my_shed' }])
  shed(5)
  await look()
  await look()
  expect(told).toEqual([
    ['events_shed', 5],
    ['my_shed', 5],
  ])
})

test('a thread that takes over tells what was shed since, and nothing that was told before', async () => {
  const signals = createSignals()
  const first = watch([RULE], signals)
  first.shed(5)
  await first.look()
  const next = watch([RULE], signals)
  await next.look()
  expect(next.told).toEqual([])
  const last = watch([RULE], signals)
  last.shed(2)
  await last.look()
  expect(last.told).toEqual([['events_shed', 2]])
})
