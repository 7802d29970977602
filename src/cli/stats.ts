import type { Command } from 'commander'
import { type AskFlags, addAsking, print, printJson, toClient } from './asking.ts'
import { paint } from './event-line.ts'
import { addFilters, type FilterFlags, toQuery } from './filters.ts'
import { toPlain } from './plain.ts'

export function addStats(program: Command): void {
  addFilters(addAsking(program.command('stats').description('count the events that match')))
    .addHelpText('after', '\nExamples:\n  $ daybook stats --since 24h\n  $ daybook stats --user alice --json')
    .action(runStats)
}

async function runStats({ json, ...flags }: AskFlags & FilterFlags): Promise<void> {
  const stats = await toClient(flags).getEventStats({ query: toQuery(flags) })
  if (json) return printJson(stats)
  const { average, p50, p95, p99 } = stats.duration_ms
  print(`${paint('bold', String(stats.total))} events of ${stats.unique_users} users`)
  if (average !== null)
    print(`duration  average ${toMs(average)}, median ${toMs(p50)}, p95 ${toMs(p95)}, p99 ${toMs(p99)}`)
  printCounts('status', stats.by_status)
  printCounts('type', stats.by_type)
}

const toMs = (ms: number | null): string => (ms === null ? '–' : `${ms.toFixed(1)} ms`)

function printCounts(title: string, counts: Readonly<Record<string, number>>): void {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a)
  const most = sorted[0]?.[1] ?? 0
  if (most > 0) print(`\n${paint('bold', title)}`)
  for (const [name, count] of sorted)
    print(
      `  ${toPlain(name).padEnd(24)} ${String(count).padStart(8)} ${paint('dim', '▇'.repeat(Math.ceil((count / most) * 30)))}`,
    )
}
