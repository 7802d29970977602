import * as fs from 'node:fs'
import { expect, jest, test } from '@jest/globals'
import { createSignals } from '../../src/event/signals.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestFolder } from '../kit/folder.ts'
import { waitUntil } from '../kit/wait-until.ts'

let syncs = 0
jest.unstable_mockModule('node:fs', () => ({
  ...fs,
  fdatasyncSync: (fd: number) => {
    syncs++
    fs.fdatasyncSync(fd)
  },
}))
const { createSpool } = await import('../../src/spool/spool.ts')
const { createSyncer } = await import('../../src/spool/syncer.ts')

test('what is appended while the thread sleeps wakes it: no line waits for the next look at the folder', async () => {
  const shared = { dir: createTestFolder(), mark: '1-0a', signals: createSignals(), onNotice: () => undefined }
  const spool = createSpool({ ...shared, maxBytes: 1_000_000, durability: 'group' })
  const syncer = createSyncer({ ...shared, intervalMs: 1, idleMs: 600_000 })
  onTestEnd(() => {
    syncer.close()
    spool.close()
  })
  for (let n = 1; n <= 5; n++) {
    const before = syncs
    expect(spool.append(`line ${n}\n`)).toBe(true)
    await waitUntil(() => syncs > before, { what: `the sync of line ${n}` })
  }
})
