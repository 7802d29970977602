import type { Command } from 'commander'
import { type AskFlags, addAsking, print, printJson, say, toClient } from './asking.ts'
import { toEventLine } from './event-line.ts'
import { addFilters, type FilterFlags, toQuery } from './filters.ts'

interface TailFlags extends AskFlags, FilterFlags {
  readonly limit: string
}

export function addTail(program: Command): void {
  addFilters(addAsking(program.command('tail').description('show events as they are stored, until it is ended')))
    .option('-n, --limit <number>', 'so many of those before, up to 1000', '10')
    .addHelpText(
      'after',
      '\nExamples:\n  $ daybook tail\n  $ daybook tail --type API_ERROR,TOOL_ERROR --json | jq .payload',
    )
    .action(runTail)
}

/** Goes on by itself where the connection breaks, from where it was. */
async function runTail({ limit, json, ...flags }: TailFlags): Promise<void> {
  const { follow } = await import('../client/client.ts')
  const client = toClient(flags)
  const query = toQuery(flags)
  const show = json ? printJson : (event: Parameters<typeof toEventLine>[0]) => print(toEventLine(event))
  const shown = new Set<string>()
  const showOnce = (event: Parameters<typeof toEventLine>[0]): void => {
    if (shown.has(event.id)) return
    shown.add(event.id)
    show(event)
  }
  // Those before are asked for when the stream is open, so that none falls in between.
  const showBefore = async (): Promise<void> => {
    const { events } = await client.findEvents({ query: { ...query, limit: Math.max(1, Number(limit)) } })
    for (const event of Number(limit) > 0 ? events.toReversed() : []) showOnce(event)
  }
  let before: Promise<void> | undefined
  const refused = new AbortController()
  const onGap = ({ reason }: { readonly reason: string }): void => say(`Some events may be missing: ${reason}`)
  const onOpen = (): void => {
    before ??= showBefore()
    before.catch(() => refused.abort())
  }
  for await (const { event } of follow(client, query, { onGap, onOpen, signal: refused.signal })) {
    await before
    showOnce(event)
  }
  await before
}
