import { expect, test } from '@jest/globals'
import { createTestFolder } from '../kit/folder.ts'
import { runSecretsCampaign } from './secrets-campaign.ts'
import { SHORT } from './short.ts'

const options = { ...SHORT.secrets, seed: 42, say: () => undefined, isControl: false }

test('1,000 secrets in places and encodings of every kind come out nowhere: no event, file, database, metrics', async () => {
  const { report, problems } = await runSecretsCampaign({ ...options, dir: createTestFolder('secrets') })
  expect(problems).toEqual([])
  expect(report).toMatchObject({ leaked: 0, found_in_files: 0, quarantined: 50, requests: 50 })
  expect(report.searched_bytes).toBeGreaterThan(5_000_000)
}, 300_000)

test('the control: secrets that are on the disk are found there', async () => {
  const { problems } = await runSecretsCampaign({
    ...options,
    count: 100,
    isControl: true,
    dir: createTestFolder('control'),
  })
  expect(problems.length).toBeGreaterThan(10)
}, 120_000)
