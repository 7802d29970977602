import { expect, test } from '@jest/globals'
import { createTestFolder } from '../kit/folder.ts'
import { runExportCampaign } from './export-campaign.ts'
import { SHORT } from './short.ts'

test('all of a log goes to clients that read, are slow and leave, out of a server with little memory', async () => {
  const { report, problems } = await runExportCampaign({
    ...SHORT.export,
    dir: createTestFolder(),
    say: () => undefined,
  })
  expect(problems).toEqual([])
  expect(report.rows).toBe(100_000)
}, 360_000)
