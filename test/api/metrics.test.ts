import { expect, test } from '@jest/globals'
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
