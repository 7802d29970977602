import type { Command } from 'commander'
import { print, printJson } from './asking.ts'
import { addDir, type DirFlags, toOptions } from './dir.ts'
import { type Progress, showProgress } from './progress.ts'

type Flags = DirFlags & { readonly json?: boolean }

export function addRollups(program: Command): void {
  const rollups = program
    .command('rollups')
    .description('the hours that were counted for statistics')
    .addHelpText('after', '\nExample:\n  $ DATABASE_URL=postgres://localhost/app daybook rollups rebuild')
  addDir(rollups.command('rebuild').description('count all hours anew, from the events; apps go on meanwhile'))
    .option('--json', 'answer in JSON')
    .action(runRebuild)
}

async function runRebuild({ json, ...flags }: Flags): Promise<void> {
  const { rebuildHours } = await import('../upkeep.ts')
  let progress: Progress | undefined
  const rebuilt = await rebuildHours(toOptions(flags), (done, of) => {
    progress ??= showProgress('hours', of)
    progress.at(done)
  }).finally(() => progress?.end())
  if (json) printJson(rebuilt)
  else print(`${rebuilt.hours} hours were counted anew.`)
}
