import { expect, test } from '@jest/globals'
import { runOtlpCampaign } from './otlp-campaign.ts'

test('2,000 exports with bytes changed by chance are each taken or refused, in no time', async () => {
  const { report, problems } = await runOtlpCampaign({ count: 2_000, seed: 42, say: () => undefined })
  expect(problems).toEqual([])
  expect(report.events).toBeGreaterThan(500)
})
