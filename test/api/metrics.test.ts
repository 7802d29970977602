import { expect, test } from '@jest/globals'
import type { Call } from '../../src/api/call.ts'
import { createMetricsHandlers } from '../../src/api/metrics.ts'
import { createHouse } from './ask.ts'

test('the figures of spool and drain are given in the text format of Prometheus', async () => {
  const house = createHouse()
  house.parts.sink.event({ event_type: 'COMMIT' })
  const { text, headers } = await house.get('/metrics', 'admin').expect(200)
  expect(headers['content-type']).toBe('text/plain; charset=utf-8')
  const lines = text.trimEnd().split('\n')
  expect(lines).toContain('# TYPE daybook_events_offered_total counter')
  expect(lines).toContain('daybook_events_offered_total 1')
  expect(lines).toContain('daybook_drain_up 1')
  expect(lines).toContain('daybook_spool_appended_bytes_total 0')
  expect(lines).toContain('daybook_drain_lag_seconds 0')
  // Three lines a figure: help, type, value.
  for (let i = 0; i < lines.length; i += 3) {
    const [help, type, value] = lines.slice(i, i + 3)
    const name = /^# HELP (\w+) .+\.$/.exec(help ?? '')?.[1]
    expect(type).toMatch(new RegExp(`^# TYPE ${name} (counter|gauge)$`))
    expect(value).toMatch(new RegExp(`^${name} (\\d+(\\.\\d+)?|NaN)$`))
  }
})

test('caches of the app are told by name, however they are named', async () => {
  const house = createHouse()
  const { health } = house.parts
  const caches = { 'a "b"\\\n': { hits: 3, misses: 1, ratio: 0.75 }, fresh: { hits: 0, misses: 0, ratio: null } }
  const answer = await createMetricsHandlers(() => ({ ...health(), caches })).getMetrics?.({} as Call)
  const lines = String(answer?.body).trimEnd().split('\n')
  expect(lines).toContain('daybook_cache_hits_total 3')
  expect(lines).toContain('daybook_cache_hit_ratio{cache="a \\"b\\"\\\\\\n"} 0.75')
  expect(lines).toContain('daybook_cache_hit_ratio{cache="fresh"} NaN')
})
