/** Runs a campaign in its short form, as the tests do. */
import { fileURLToPath } from 'node:url'
import { startChild } from '../kit/child.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestFolder } from '../kit/folder.ts'

const PROGRAM = fileURLToPath(new URL('campaign.ts', import.meta.url))

/** Its exit code, and the line with the figures. */
export async function runShort(name: string, ...args: readonly string[]) {
  const child = startChild(PROGRAM, [name, '--seed', '42', '--dir', createTestFolder(), ...args])
  // When the time is over it must take its own server down before it is killed.
  onTestEnd(async () => {
    child.signal('SIGTERM')
    await child.exit
  })
  const { code } = await child.exit
  return { code, report: JSON.parse(child.stdout().trim().split('\n').at(-1) ?? '') }
}
