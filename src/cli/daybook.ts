#!/usr/bin/env node
/** The command `daybook`: one file a command. */
import { Command, CommanderError } from 'commander'
import { Refusal } from '../client/client.ts'
import { readVersion } from '../config/package.ts'
import { Fault, toReason } from '../event/fault.ts'
import { addChangeTriggers } from './change-triggers.ts'
import { addCompletion } from './completion.ts'
import { addConfig, addConfigFlag } from './config.ts'
import { addCoverage } from './coverage.ts'
import { addDoctor } from './doctor.ts'
import { addExport } from './export.ts'
import { addImport } from './import.ts'
import { addKeys } from './keys.ts'
import { addMigrate } from './migrate.ts'
import { addPrune } from './prune.ts'
import { addQuery } from './query.ts'
import { addRollups } from './rollups.ts'
import { addServe } from './serve.ts'
import { addSpool } from './spool.ts'
import { addStats } from './stats.ts'
import { addTail } from './tail.ts'

const WRONG_USE = 2
const REFUSED = 3

const program = new Command('daybook')
  .description('The event log for Express apps and the agents inside them')
  .version(readVersion())
  .showSuggestionAfterError()
  .showHelpAfterError('Run daybook --help for what there is.')
  .addHelpText(
    'after',
    '\nIt ends with 0 when it did what it was asked, 1 when it could not, 2 when it was asked wrongly, and 3 when a Daybook\nrefused or did not answer.',
  )

for (const add of [
  addServe,
  addQuery,
  addTail,
  addStats,
  addExport,
  addImport,
  addMigrate,
  addSpool,
  addDoctor,
  addConfig,
  addCompletion,
  addPrune,
  addKeys,
  addCoverage,
  addChangeTriggers,
  addRollups,
])
  add(program)
addConfigFlag(program)
exitByOurCodes(program)

// Who reads the answer has enough of it, as `head`. Of a service nobody has to read anything.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  if (program.args[0] !== 'serve') process.exit()
})

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = toExitCode(error)
}

/** Commander ends the process by itself otherwise, with 1 for wrong use. */
function exitByOurCodes(command: Command): void {
  command.exitOverride()
  for (const child of command.commands) exitByOurCodes(child)
}

function toExitCode(error: unknown): number {
  // It has said what is wrong already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE
  // A Fault says what to do, the system which file it is about; anything else is a bug of ours, whose place matters.
  const isTold = error instanceof Fault || error instanceof Refusal || !(error instanceof Error) || 'syscall' in error
  process.stderr.write(`${isTold ? toText(error) : error.stack}\n`)
  if (!(error instanceof Refusal)) return 1
  if (error.status === 401 || error.status === 403)
    process.stderr.write('Give a key with --key or DAYBOOK_KEY; the one that serve made lies in its folder.\n')
  if (error.status === 0)
    process.stderr.write('Give its address with --url or DAYBOOK_URL, or start one: daybook serve.\n')
  return REFUSED
}

/** Of settings each problem has a line of its own. */
function toText(error: unknown): string {
  return error instanceof Fault && error.code === 'invalid_options' ? error.message : toReason(error)
}
