#!/usr/bin/env node
/** The command `daybook`: one file a command. */
import { Command } from 'commander'
import { readVersion } from '../config/package.ts'
import { Fault, toReason } from '../event/fault.ts'
import { addServe } from './serve.ts'

const program = new Command('daybook')
  .description('The event log for Express apps and the agents inside them')
  .version(readVersion())
  .showSuggestionAfterError()
  .showHelpAfterError('Run daybook --help for what there is.')

addServe(program)

try {
  await program.parseAsync()
} catch (error) {
  // A Fault says what to do; anything else is a bug of ours, whose place matters.
  process.stderr.write(`${error instanceof Fault || !(error instanceof Error) ? toReason(error) : error.stack}\n`)
  process.exitCode = 1
}
