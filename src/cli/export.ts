import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { type Command, Option } from 'commander'
import { Fault } from '../event/fault.ts'
import { type AskFlags, addAsking, say, toClient } from './asking.ts'
import { addFilters, type FilterFlags, toQuery } from './filters.ts'

interface ExportFlags extends AskFlags, FilterFlags {
  readonly format: 'jsonl' | 'csv'
  readonly output?: string
  readonly after?: string
}

export function addExport(program: Command): void {
  addFilters(addAsking(program.command('export').description('write all events that match, of any number')))
    .addOption(new Option('--format <format>').choices(['jsonl', 'csv']).default('jsonl'))
    .option('-o, --output <file>', 'into this file, which must not be there (default: standard output)')
    .option('--after <id>', 'go on behind this event, where an export broke off')
    .addHelpText(
      'after',
      '\nExamples:\n  $ daybook export --since 30d -o events.jsonl\n  $ daybook export --user alice --format csv > alice.csv',
    )
    .action(runExport)
}

/** The last line of JSONL says whether that was all; of CSV, one that begins with `#incomplete`. */
async function runExport({ format, output, after, ...flags }: ExportFlags): Promise<void> {
  const query = { ...toQuery(flags), format, ...(after !== undefined && { after }) }
  const answer = await toClient(flags).exportEvents({ query: query as never })
  if (!answer.body) throw new Fault('unexpected', 'The answer has no body.')
  const target = output === undefined ? process.stdout : createWriteStream(output, { flags: 'wx', mode: 0o600 })
  const tail = keepTail()
  await pipeline(tail.through(answer.body), target, { end: output !== undefined })
  if (!isComplete(format, tail.text())) throw toBrokenOff()
  if (output !== undefined) say(`Written to ${output}.`)
}

const toBrokenOff = (cause?: unknown): Fault =>
  new Fault('database_unreachable', 'The export broke off; go on with --after and the id of its last event.', { cause })

const TAIL_BYTES = 4_096

function keepTail() {
  let last = Buffer.alloc(0)
  return {
    text: () => last.toString('utf8'),
    async *through(source: AsyncIterable<Uint8Array>) {
      try {
        for await (const chunk of source) {
          last = Buffer.concat([last, chunk]).subarray(-TAIL_BYTES)
          yield chunk
        }
      } catch (error) {
        throw toBrokenOff(error)
      }
    },
  }
}

function isComplete(format: ExportFlags['format'], tail: string): boolean {
  const last = tail.trimEnd().split('\n').at(-1) ?? ''
  return format === 'csv' ? !last.startsWith('#incomplete') : last.startsWith('{"export":{"complete":true')
}
