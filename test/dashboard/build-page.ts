/** The page, where the router serves it from: looked after once per run, as two builds at a time would spoil each other's. */
import { fileURLToPath } from 'node:url'
import { oncePerRun } from '../kit/once-per-run.ts'
import { runCommand } from '../kit/run-command.ts'

const BUILD = fileURLToPath(new URL('../../examples/build-dashboard.ts', import.meta.url))

export async function buildPage(): Promise<void> {
  await oncePerRun('page', async () => {
    const failed = runCommand(process.execPath, BUILD)
    if (failed !== undefined) throw new Error(failed)
  })
}
