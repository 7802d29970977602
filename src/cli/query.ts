import type { Command } from 'commander'
import { allEvents } from '../client/client.ts'
import { type AskFlags, addAsking, print, printJson, say, toClient } from './asking.ts'
import { toEventLine } from './event-line.ts'
import { addFilters, type FilterFlags, toQuery } from './filters.ts'

interface QueryFlags extends AskFlags, FilterFlags {
  readonly limit: string
  readonly all?: boolean
}

export function addQuery(program: Command): void {
  addFilters(addAsking(program.command('query').description('show events that match, the newest last')))
    .option('-n, --limit <number>', 'how many at most, up to 1000', '50')
    .option('--all', 'all of them, newest first')
    .addHelpText(
      'after',
      '\nExamples:\n  $ daybook query --type AUTH_FAILURE --since 1h\n  $ daybook query --session s-81 --all --json > story.jsonl',
    )
    .action(runQuery)
}

async function runQuery({ limit, all, json, ...flags }: QueryFlags): Promise<void> {
  const client = toClient(flags)
  const show = json ? printJson : (event: Parameters<typeof toEventLine>[0]) => print(toEventLine(event))
  if (all) {
    for await (const event of allEvents(client, toQuery(flags))) show(event)
    return
  }
  const { events, total } = await client.findEvents({ query: { limit: Number(limit), ...toQuery(flags) } })
  for (const event of json ? events : events.toReversed()) show(event)
  if (!json && total > events.length) say(`${events.length} of ${total}; more with --limit or --all.`)
  if (!json && total === 0) say('No event matches.')
}
