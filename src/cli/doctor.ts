import type { Command } from 'commander'
import type { Finding } from '../event/finding.ts'
import { print, printJson } from './asking.ts'
import { addDir, type DirFlags, toOptions } from './dir.ts'
import { paint } from './event-line.ts'

export function addDoctor(program: Command): void {
  addDir(
    program.command('doctor').description('check settings, folder, database, clock and versions, and say what to do'),
  )
    .option('--json', 'answer in JSON')
    .addHelpText('after', '\nIt ends with 1 when something is bad, with 0 when there are warnings at most.')
    .action(runDoctor)
}

const MARKS = { good: ['green', '✓'], warning: ['yellow', '!'], bad: ['red', '✗'] } as const

async function runDoctor({ json, ...flags }: DirFlags & { readonly json?: boolean }): Promise<void> {
  const { findFaults } = await import('../doctor.ts')
  const findings: Finding[] = []
  for await (const finding of findFaults(toOptions(flags))) {
    findings.push(finding)
    if (!json) show(finding)
  }
  const isBad = findings.some(({ state }) => state === 'bad')
  if (json) printJson({ good: !isBad, findings })
  if (isBad) process.exitCode = 1
}

function show({ about, state, found, cure }: Finding): void {
  const [style, mark] = MARKS[state]
  print(`${paint(style, mark)} ${about.padEnd(10)} ${found}`)
  if (cure) print(`  ${' '.repeat(10)} ${paint('dim', '→')} ${cure}`)
}
