import { afterEach, expect, test } from '@jest/globals'
import { metrics } from '@opentelemetry/api'
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { observeMetrics } from '../../../src/capture/otel/metrics.ts'
import type { Health } from '../../../src/event/ports/health.ts'
import { createMemoryParts } from '../../api/parts.ts'

class AskedReader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

afterEach(() => metrics.disable())

const figuresOf = async (reader: MetricReader): Promise<Record<string, unknown>> => {
  const { resourceMetrics } = await reader.collect()
  const found = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics)
  return Object.fromEntries(found.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints[0]?.value]))
}

test('a reader of the SDK gets the figures of the moment, and none after the end', async () => {
  const reader = new AskedReader()
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
  let health: Health = createMemoryParts().health()
  let asked = 0
  const end = observeMetrics(() => {
    asked++
    return health
  }, '1.2.3')
  expect(asked).toBe(0)
  health = { ...health, lag_ms: 1_500, waiting: null, tally: { ...health.tally, requests: 7 } }

  expect(await figuresOf(reader)).toMatchObject({
    'daybook.events.offered': 0,
    'daybook.requests': 7,
    'daybook.drain.lag': 1.5,
    'daybook.drain.up': 1,
  })
  expect(await figuresOf(reader)).not.toHaveProperty(['daybook.events.waiting'])
  end()
  const before = asked
  await reader.collect()
  expect(asked).toBe(before)
})

test('without an SDK nothing is asked', () => {
  const end = observeMetrics(() => {
    throw new Error('asked')
  }, '1.2.3')
  expect(end).not.toThrow()
})
