import type { Command } from 'commander'
import { Fault } from '../event/fault.ts'
import type { RefusedLine, SegmentFile } from '../upkeep.ts'
import { print, printJson } from './asking.ts'
import { addDir, type DirFlags, toOptions } from './dir.ts'
import { paint } from './event-line.ts'
import { toPlain } from './plain.ts'

type Flags = DirFlags & { readonly json?: boolean }

const open = async (flags: Flags) => (await import('../upkeep.ts')).openFolder(toOptions(flags))

export function addSpool(program: Command): void {
  const spool = program
    .command('spool')
    .description('look at the daily files, and at what could not be stored')
    .addHelpText(
      'after',
      '\nExamples:\n  $ daybook spool list\n  $ daybook spool cat 2026-11-21 | jq .event_type\n  $ daybook spool retry',
    )
  const add = (name: string, description: string): Command =>
    addDir(spool.command(name).description(description)).option('--json', 'answer in JSON')
  add('list', 'segments, their size, and how much of them waits').action(runList)
  add('cat', 'the lines of a day or of one segment').argument('<day or segment>').action(runCat)
  add('quarantine', 'lines that were set aside, and why').action(runQuarantine)
  add('retry', 'give what was set aside to the drain once more').action(runRetry)
}

async function runList(flags: Flags): Promise<void> {
  const segments = (await open(flags)).list()
  if (flags.json) printJson({ segments })
  else printSegments(segments)
}

function printSegments(segments: readonly SegmentFile[]): void {
  for (const { name, bytes, waiting_bytes } of segments)
    print(
      `${String(bytes).padStart(12)}  ${waiting_bytes > 0 ? paint('yellow', `${waiting_bytes} wait`) : 'stored'}  ${name}`,
    )
  if (segments.length === 0) print('There are no segments.')
}

async function runCat(dayOrName: string, flags: Flags): Promise<void> {
  let isEmpty = true
  for (const line of (await open(flags)).cat(dayOrName)) {
    isEmpty = false
    print(line)
  }
  if (isEmpty) throw new Fault('not_found', `${dayOrName}: no such day or segment; daybook spool list names them.`)
}

async function runQuarantine(flags: Flags): Promise<void> {
  const lines = (await open(flags)).refused()
  if (flags.json) printJson({ lines })
  else printRefused(lines)
}

function printRefused(lines: readonly RefusedLine[]): void {
  for (const { refused_at, segment, at, reason } of lines)
    print(`${paint('dim', refused_at)}  ${segment} at ${at}  ${toPlain(reason)}`)
  if (lines.length === 0) print('Nothing is set aside.')
}

async function runRetry(flags: Flags): Promise<void> {
  const retried = (await open(flags)).retry()
  if (flags.json) printJson({ retried })
  else print(retried === 0 ? 'Nothing is set aside.' : `${retried} lines wait for the drain again.`)
}
