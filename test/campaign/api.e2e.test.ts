import { expect, test } from '@jest/globals'
import { copyEmbeddedTemplate } from '../kit/embedded-template.ts'
import { createTestFolder } from '../kit/folder.ts'
import { runApiCampaign } from './api-campaign.ts'
import { SHORT } from './short.ts'

test('300 requests of all kinds to every operation, with every role, are answered as the file says', async () => {
  const dir = createTestFolder()
  await copyEmbeddedTemplate(dir)
  const { report, problems } = await runApiCampaign({ ...SHORT.api, seed: 42, dir, say: () => undefined })
  expect(problems).toEqual([])
  expect(report.count).toBeGreaterThanOrEqual(300)
  expect(Object.keys(report.statuses)).toEqual(
    expect.arrayContaining(['200', '201', '202', '204', '400', '403', '404']),
  )
})
