import { expect, test } from '@jest/globals'
import { toHindrance } from './life-child.ts'
import { runShort } from './run-short.ts'

const hindrance = toHindrance()
const testTraced = hindrance === undefined ? test : test.skip

testTraced(
  `killed at its first call of each kind, and halfway through them, a batch is stored once${hindrance ? ` (skipped: ${hindrance})` : ''}`,
  async () => {
    const { code, report } = await runShort('syscalls')
    expect(report).toMatchObject({ lost: 0, doubled: 0, wrong: {} })
    // Of the thread that appends and asks the database, and of the one that writes files.
    for (const call of ['main.write', 'main.openat', 'files.openat']) expect(report.points[call]).toBeGreaterThan(0)
    expect(report.acknowledged).toBeGreaterThan(report.kills)
    expect(code).toBe(0)
  },
  360_000,
)
