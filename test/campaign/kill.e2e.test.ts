import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { startChild } from '../kit/child.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestFolder } from '../kit/folder.ts'

/** Twenty seconds on a machine with nothing else to do. */
const TIMEOUT_MS = 180_000
const PROGRAM = fileURLToPath(new URL('campaign.ts', import.meta.url))

async function campaign(...args: readonly string[]) {
  const child = startChild(PROGRAM, ['kill', '--seed', '42', '--dir', createTestFolder(), ...args])
  // When the time is over it must take its own server down before it is killed.
  onTestEnd(async () => {
    child.signal('SIGTERM')
    await child.exit
  })
  const { code } = await child.exit
  return { code, report: JSON.parse(child.stdout().trim().split('\n').at(-1) ?? '') }
}

test(
  'whatever is killed, the writer, the app, its connection or its database: what was acknowledged is there once',
  async () => {
    const { code, report } = await campaign('--count', '30', '--pipeline', '3')
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
    const { code, report } = await campaign('--count', '10', '--control')
    expect(report.lost).toBeGreaterThan(0)
    expect(code).toBe(1)
  },
  TIMEOUT_MS,
)
