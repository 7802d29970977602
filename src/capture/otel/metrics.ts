/** Daybook's own figures through the OpenTelemetry metrics API, for whoever has an SDK with a reader. */
import { metrics, type Observable } from '@opentelemetry/api'
import { METRICS } from '../../event/metrics.ts'
import type { Health } from '../../event/ports/health.ts'

/**
 * Read when a reader of the SDK asks, and at no other time. The SDK must be there already: the API has no way to hand a
 * meter on later. Returns what ends it.
 */
export function observeMetrics(health: () => Health, version: string): () => void {
  const meter = metrics.getMeter('daybook', version)
  const observed = METRICS.map(({ name, kind, unit, help, value }) => {
    const make = kind === 'counter' ? 'createObservableCounter' : 'createObservableGauge'
    const instrument: Observable = meter[make](name, { unit, description: help })
    return { instrument, value }
  })
  const instruments = observed.map(({ instrument }) => instrument)
  const observe: Parameters<typeof meter.addBatchObservableCallback>[0] = (result) => {
    const now = health()
    for (const { instrument, value } of observed) {
      const figure = value(now)
      if (figure !== null) result.observe(instrument, figure)
    }
  }
  meter.addBatchObservableCallback(observe, instruments)
  return () => meter.removeBatchObservableCallback(observe, instruments)
}
