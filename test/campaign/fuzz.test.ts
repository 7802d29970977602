import { expect, test } from '@jest/globals'
import { createTestFolder } from '../kit/folder.ts'
import { runFuzzCampaign } from './fuzz-campaign.ts'
import { SHORT } from './short.ts'

const options = { ...SHORT.fuzz, seed: 42, isControl: false, say: () => undefined }

test('10,000 bad lines, segments, drafts, exports, cursors, queries and trace parents are each taken or refused, in no time', async () => {
  const { report, problems } = await runFuzzCampaign({ ...options, dir: createTestFolder() })
  expect(problems).toEqual([])
  expect(Object.keys(report.targets)).toHaveLength(8)
}, 240_000)

test('a reader of lines that believes what it reads does not pass', async () => {
  const { report } = await runFuzzCampaign({ ...options, count: 100, isControl: true, dir: createTestFolder() })
  expect(report.crashed).toBeGreaterThan(20)
})
