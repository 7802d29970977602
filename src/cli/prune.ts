import type { Command } from 'commander'
import type { PruneReport, Removal } from '../event/retention.ts'

interface PruneFlags {
  readonly dryRun?: boolean
  readonly force?: boolean
  readonly json?: boolean
  readonly dir?: string
}

export function addPrune(program: Command): void {
  program
    .command('prune')
    .description('remove the events and errors whose time is over, as a running Daybook does each hour')
    .option('--dry-run', 'remove nothing, and tell what would go')
    .option('--force', 'believe the clock, although it jumped')
    .option('--json', 'answer as one line of JSON')
    .option('--dir <folder>', 'folder of the embedded database (default: $DAYBOOK_DIR or .daybook)')
    .addHelpText(
      'after',
      '\nExamples:\n  $ daybook prune --dry-run\n  $ DATABASE_URL=postgres://localhost/app daybook prune',
    )
    .action(runPrune)
}

/** Exit code 1 when less went than is due. */
async function runPrune({ dryRun = false, force = false, json, dir }: PruneFlags): Promise<void> {
  const { prune } = await import('../pruning.ts')
  const report = await prune(dir === undefined ? {} : { dir }, { dry_run: dryRun, force })
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : toText(report))
  if (report.outcome !== 'done') process.exitCode = 1
}

function toText({ outcome, dry_run, reason, removed, postponed }: PruneReport): string {
  const none = dry_run ? 'Nothing is due.' : 'Nothing was due.'
  const head = removed.length > 0 ? (dry_run ? 'Would remove:' : 'Removed:') : outcome === 'done' ? none : undefined
  const left = postponed.map(({ log, day, reason: why }) => `  ${log}  ${day}  stays: ${why}`)
  return [head, ...removed.map(toLine), ...left, reason]
    .filter((line) => typeof line === 'string')
    .join('\n')
    .concat('\n')
}

const toLine = ({ log, day, action, rows, rows_exact, bytes }: Removal): string =>
  `  ${log}  ${day}  ${action.padEnd(6)}  ${rows_exact ? '' : 'about '}${rows} rows  ${(bytes / 1_048_576).toFixed(1)} MB`
