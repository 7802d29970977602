import { expect, test } from '@jest/globals'
import { runRiskCampaign } from './risk-campaign.ts'

test('in a week of 200 people, what five attackers do scores above 70, and 99 of 100 honest events below 30', async () => {
  const { report, problems } = await runRiskCampaign({ seed: 42, isControl: false, say: () => undefined })
  expect(problems).toEqual([])
  expect(Object.keys(report.attacks)).toHaveLength(5)
  expect(report.honest.events).toBeGreaterThan(50_000)
})

test('without a look back none of the five would be told', async () => {
  const { problems } = await runRiskCampaign({ seed: 42, isControl: true, say: () => undefined })
  expect(problems).toHaveLength(5)
})
