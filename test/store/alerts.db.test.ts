import { expect, test } from '@jest/globals'
import { createAlerts } from '../../src/alerts/alerts.ts'
import { resolveConfig } from '../../src/config/resolve.ts'
import type { AlertRule } from '../../src/event/alert.ts'
import { ALERT_LIMITS, toShippedRules } from '../../src/event/alert-rules.ts'
import type { Draft } from '../../src/event/event.ts'
import type { AlertTelling } from '../../src/event/ports/alerts.ts'
import { createAlertReader, createAlertStore } from '../../src/store/alerts.ts'
import type { Orm } from '../../src/store/orm.ts'
import { runSql } from '../../src/store/sql.ts'
import { forEachDatabase } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { openTestStore } from '../kit/store.ts'

const shipped = (name: string): AlertRule => {
  const rule = toShippedRules(ALERT_LIMITS).find((one) => one.name === name)
  if (!rule) throw new Error(`no rule ${name}`)
  return rule
}

const refinery = createTestRefinery()
let stored = 0
const toBatch = (drafts: readonly Draft[]) => ({
  ...{ segment: `events_2026-11-21_1-a${stored++}.jsonl`, from: 0, to: 100, errors: [] },
  events: drafts.map((draft) => refinery.seal(draft)),
})

/** As each process of a fleet does it. */
function watch(orm: Orm, rules: readonly AlertRule[], send?: () => Promise<void>) {
  const told: AlertTelling[] = []
  const channel = { name: 'test', send: send ?? (async (telling: AlertTelling) => void told.push(telling)) }
  const store = createAlertStore(orm, 'default')
  const alerts = createAlerts({ store, rules, channels: [channel], figure: () => ({ value: 0 }), tenant: 'default' })
  return { told, look: alerts.look }
}

const passCooldown = (orm: Orm) =>
  runSql(orm.em.fork(), `update alert_states set last_fired_at = last_fired_at - interval '1 day'`)

const failedLogin = (user_id: string): Draft => ({ event_type: 'AUTH_LOGIN', status: 'failure', user_id })

forEachDatabase((_label, open) => {
  test('a fleet of three tells once, again after the cooldown, and once when it is over', async () => {
    const { writer, orm } = await openTestStore(await open())
    const rule = shipped('failed_logins')
    const fleet = [watch(orm, [rule]), watch(orm, [rule]), watch(orm, [rule])]
    const lookAll = async () => {
      await Promise.all(fleet.map(({ look }) => look()))
      return fleet.flatMap(({ told }) => told.splice(0)).map(({ what, measured }) => [what, measured.value])
    }
    await writer.write(toBatch(Array.from({ length: 10 }, () => failedLogin('ada'))))
    expect(await lookAll()).toEqual([])
    await writer.write(toBatch([failedLogin('bob')]))
    expect(await lookAll()).toEqual([['fired', 11]])
    expect(await lookAll()).toEqual([])
    await passCooldown(orm)
    expect(await lookAll()).toEqual([['fired', 11]])
    const quiet = { ...rule, measure: { count: { event_type: ['NEVER'] } } }
    const other = watch(orm, [quiet])
    await other.look()
    expect(other.told).toMatchObject([{ what: 'resolved', measured: { value: 0 } }])
  })

  test('a share says nothing of few requests, and counts no arrivals', async () => {
    const { writer, orm } = await openTestStore(await open())
    const { told, look } = watch(orm, [shipped('error_share')])
    const request = (event_type: string): Draft => ({ event_type, method: 'GET', duration_ms: 5 })
    await writer.write(toBatch(Array.from({ length: 30 }, () => request('API_ERROR'))))
    await look()
    expect(told).toEqual([])
    const arrivals = Array.from({ length: 500 }, (): Draft => ({ ...request('API_REQUEST'), status: 'in_progress' }))
    await writer.write(toBatch([...arrivals, ...Array.from({ length: 30 }, () => request('API_REQUEST'))]))
    await look()
    expect(told).toMatchObject([{ what: 'fired', measured: { value: 0.5, samples: 60 } }])
  })

  test('where arrivals are events, requests are those that were answered', async () => {
    const { writer, orm } = await openTestStore(await open())
    const { told, look } = watch(orm, [shipped('error_share'), shipped('slow_requests')])
    const ends = (count: number, event_type: string, duration_ms: number): Draft[] =>
      Array.from({ length: count }, () => ({ event_type, method: 'GET', duration_ms }))
    await writer.write(toBatch([...ends(60, 'API_ERROR', 9_000), ...ends(1_940, 'API_RESPONSE', 5)]))
    await look()
    expect(told).toEqual([])
  })

  test('durations, risk and absence are measured, each tenant by itself', async () => {
    const { writer, orm } = await openTestStore(await open())
    const absence: AlertRule = {
      ...shipped('failed_logins'),
      ...{ name: 'no_backups', measure: { count: { event_type: ['BACKUP_DONE'] } }, below: 1 },
    }
    const { above: _, ...noBackups } = absence as AlertRule & { above?: number }
    const { told, look } = watch(orm, [shipped('slow_requests'), shipped('high_risk'), noBackups])
    const slow = Array.from({ length: 60 }, (): Draft => ({ event_type: 'API_REQUEST', duration_ms: 9_000 }))
    await writer.write(toBatch([...slow, { event_type: 'DATA_EXPORTED', risk_score: 95, tenant_id: 'acme' }]))
    await look()
    expect(told.map(({ rule, measured }) => [rule.name, measured.tenant_id, measured.value])).toEqual([
      ['slow_requests', 'default', 9_000],
      ['high_risk', 'acme', 1],
      ['no_backups', 'default', 0],
    ])
  })

  test('a filter with an empty list matches nothing, as in getEvents', async () => {
    const { writer, orm } = await openTestStore(await open())
    const of = (name: string, measure: object) => ({ ...shipped('high_risk'), name: `own ${name}`, measure })
    const rules = [
      of('count', { count: { event_type: [] } }),
      of('p95', { p95: { status_code: [] } }),
      of('share', { share: { trace_id: [] }, among: {} }),
      of('among', { share: {}, among: { status_code: [200], route: [] } }),
      // The event is there to be counted.
      of('all', { count: { status_code: [200] } }),
    ] as AlertRule[]
    const { told, look } = watch(orm, rules)
    await writer.write(toBatch([{ event_type: 'API_REQUEST', status_code: 200, duration_ms: 9_000 }]))
    await look()
    expect(told.map(({ rule }) => rule.name)).toEqual(['own all'])
  })

  test('what settings say of types and of risk is counted as it is stored', async () => {
    const { writer, orm } = await openTestStore(await open())
    const deploys: AlertRule = {
      ...shipped('high_risk'),
      ...{ name: 'deploys', measure: { count: { event_type: ['deploy.started'] } } },
    }
    const { alerts } = resolveConfig({ alerts: { rules: [deploys], limits: { risk: 62.5 } } }, {})
    const own = (alerts?.rules ?? []).filter(({ name }) => ['deploys', 'high_risk'].includes(name))
    const { told, look } = watch(orm, own)
    await writer.write(toBatch([{ event_type: 'DATA_EXPORTED', risk_score: 62 }]))
    await look()
    expect(told).toEqual([])
    await writer.write(toBatch([{ event_type: 'DATA_EXPORTED', risk_score: 63 }, { event_type: 'deploy.started' }]))
    await look()
    expect(told.map(({ rule, measured }) => [rule.name, measured.value])).toEqual([
      ['high_risk', 1],
      ['deploys', 1],
    ])
  })

  test('a channel that fails shows on its rule, until one is taken', async () => {
    const { orm } = await openTestStore(await open())
    const rule: AlertRule = { ...shipped('drain_lag'), measure: { figure: 'lag_ms' }, above: -1 }
    const admin = { role: 'admin', tenant_id: 'default' } as const
    const reader = createAlertReader(orm)
    await watch(orm, [rule], () => Promise.reject(new Error('no route'))).look()
    expect(await reader.states(admin)).toMatchObject([{ rule: 'drain_lag', channel_failure: 'test: no route' }])
    await passCooldown(orm)
    await watch(orm, [rule]).look()
    expect(await reader.states(admin)).toMatchObject([{ firing: true, channel_failure: null }])
    expect(await reader.states({ ...admin, tenant_id: 'acme' })).toEqual([])
  })
})
