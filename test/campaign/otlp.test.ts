import { expect, test } from '@jest/globals'
import { runOtlpCampaign } from './otlp-campaign.ts'
import { SHORT } from './short.ts'

test('2,000 exports with bytes changed by chance are each taken or refused, in no time', async () => {
  const { report, problems } = await runOtlpCampaign({ ...SHORT.otlp, seed: 42, say: () => undefined })
  expect(problems).toEqual([])
  expect(report.events).toBeGreaterThan(500)
})
