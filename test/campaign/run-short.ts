/** Runs a campaign in a process of its own: in its short form, unless arguments say another. */
import { fileURLToPath } from 'node:url'
import { startChild } from '../kit/child.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestFolder } from '../kit/folder.ts'
import { type CampaignName, SHORT, toArguments } from './short.ts'

const PROGRAM = fileURLToPath(new URL('campaign.ts', import.meta.url))

/** Its exit code, the line with the figures, and what it said meanwhile. */
export async function runShort(name: CampaignName, ...args: readonly string[]) {
  const given = args.length > 0 ? args : toArguments(SHORT[name])
  const child = startChild(PROGRAM, [name, '--seed', '42', '--dir', createTestFolder(), ...given])
  // When the time is over it must take its own server down before it is killed.
  onTestEnd(async () => {
    child.signal('SIGTERM')
    await child.exit
  })
  const { code } = await child.exit
  return { code, report: JSON.parse(child.stdout().trim().split('\n').at(-1) || '{}'), said: child.stderr() }
}
