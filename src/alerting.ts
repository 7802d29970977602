/** Hallway of the alerts, in the drain's thread: store → alerts → whoever is to be told. */
import { createAlerts, type Figure } from './alerts/alerts.ts'
import { createEventChannel, createLogChannel, createWebhookChannel } from './alerts/channels.ts'
import type { AlertConfig } from './config/alerts.ts'
import { DEFAULT_TENANT } from './config/defaults.ts'
import type { AlertFigure } from './event/alert.ts'
import type { Draft } from './event/event.ts'
import type { DrainStatus } from './event/ports/drain.ts'
import { JUDGED_SHED, SHED, type Signals } from './event/signals.ts'
import { freeBytes } from './spool/free-bytes.ts'
import { createAlertStore } from './store/alerts.ts'
import type { Orm } from './store/orm.ts'

export interface AlertingOptions {
  readonly alerts: AlertConfig
  readonly dir: string
  readonly signals: Signals
  /** Opened by the first look, and closed with the alerts. Rejects while the database is away, or another's. */
  readonly open: () => Promise<Orm>
  readonly status: () => DrainStatus | undefined
  readonly onNotice: (line: string) => void
  readonly onEvent: (draft: Draft) => void
}

export interface Alerting {
  close(): Promise<void>
}

export function startAlerting({ alerts, ...options }: AlertingOptions): Alerting {
  const figure = createFigures(options)
  const channels = [
    createLogChannel(options.onNotice),
    createEventChannel(options.onEvent),
    ...(alerts.webhook ? [createWebhookChannel(alerts.webhook)] : []),
  ]
  let orm: Orm | undefined
  let looking: Promise<void> | undefined

  const look = async (): Promise<void> => {
    try {
      orm ??= await options.open()
    } catch {
      // The drain waits too, and says why.
      return
    }
    const store = createAlertStore(orm, DEFAULT_TENANT)
    await createAlerts({ store, rules: alerts.rules, channels, figure, tenant: DEFAULT_TENANT }).look()
  }
  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = undefined
    })
  }, alerts.intervalMs)
  return {
    async close() {
      clearInterval(timer)
      await looking
      await orm?.close(true).catch(() => undefined)
    },
  }
}

/** What only grows is told by how much it grew since the rule was judged by it before. */
export function createFigures({ dir, signals, status }: Pick<AlertingOptions, 'dir' | 'signals' | 'status'>) {
  const counters = new Int32Array(signals)
  // Of a thread before this one; what is quarantined, each thread counts anew.
  const first = { shed: Atomics.load(counters, JUDGED_SHED), quarantined: 0 }
  /** Of each rule. */
  const before = new Map<string, number>()
  const growth = (name: keyof typeof first, rule: string, now: number): Figure => ({
    value: Math.max(0, now - (before.get(rule) ?? first[name])),
    judged() {
      before.set(rule, now)
      if (name === 'shed') Atomics.store(counters, JUDGED_SHED, now)
    },
  })
  return (name: AlertFigure, rule: string): Figure => {
    const { waiting_bytes = 0, quarantined = 0, oldest_waiting = null } = status() ?? {}
    if (name === 'shed') return growth(name, rule, Atomics.load(counters, SHED))
    if (name === 'quarantined') return growth(name, rule, quarantined)
    if (name === 'waiting_bytes') return { value: waiting_bytes }
    if (name === 'free_bytes') return { value: freeBytes(dir) }
    return { value: oldest_waiting === null ? 0 : Math.max(0, Date.now() - Date.parse(oldest_waiting)) }
  }
}
