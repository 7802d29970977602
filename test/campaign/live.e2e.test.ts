import { expect, test } from '@jest/globals'
import { createTestFolder } from '../kit/folder.ts'
import { runReadersCampaign } from './readers-campaign.ts'
import { SHORT } from './short.ts'
import { runStreamCampaign } from './stream-campaign.ts'

const say = (): void => undefined

test('beside transactions of all lengths a reader misses nothing of 5,000 events, and nothing comes twice', async () => {
  const { problems } = await runStreamCampaign({ ...SHORT.stream, seed: 42, dir: createTestFolder(), say })
  expect(problems).toEqual([])
})

test('200 clients that never read take nothing from 100 that do, also over a new start', async () => {
  const { report } = await runReadersCampaign({ ...SHORT.readers, dir: createTestFolder(), say })
  // How soon they come is for a machine that does nothing else.
  expect(report).toMatchObject({ missing: 0, repeated: 0 })
  expect(report.rss_mb).toBeLessThan(1_024)
})
