import { expect, test } from '@jest/globals'
import { runShort } from './run-short.ts'

/** Twenty seconds on a machine with nothing else to do. */
const TIMEOUT_MS = 360_000

test(
  'whatever is killed, the writer, the app, its connection or its database: what was acknowledged is there once',
  async () => {
    const { code, report } = await runShort('kill')
    expect(report).toMatchObject({ lost: 0, doubled: 0, spool: { wrong: {} }, pipeline: { wrong: {} } })
    // It would have been noticed: with the protections off it was.
    expect(report.control.lost).toBeGreaterThan(0)
    expect(report.pipeline.control.lost).toBeGreaterThan(0)
    expect(report.pipeline.control.doubled).toBeGreaterThan(0)
    expect(report.acknowledged).toBeGreaterThan(100)
    expect(report.torn_tails).toBeGreaterThan(0)
    expect(code).toBe(0)
  },
  TIMEOUT_MS,
)

test(
  'a writer that acknowledges before it writes does not pass',
  async () => {
    const { code, report } = await runShort('kill', '--count', '10', '--control')
    expect(report.lost).toBeGreaterThan(0)
    expect(code).toBe(1)
  },
  TIMEOUT_MS,
)
