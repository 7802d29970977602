/** Commands that ask a Daybook which runs, over HTTP as any program does. */
import { type Command, Option } from 'commander'
import { type Client, createClient } from '../client/client.ts'
import { type AskingFlags, resolveAsking } from '../config/asking.ts'
import { escapeActive } from '../event/active.ts'

export interface AskFlags extends AskingFlags {
  readonly json?: boolean
}

export const addAsking = (command: Command): Command =>
  command
    .addOption(new Option('--url <address>', 'Daybook to ask (default: $DAYBOOK_URL, or that of this machine)'))
    .addOption(
      new Option('--key <key>', 'key to show (default: $DAYBOOK_KEY, $DAYBOOK_ADMIN_KEY or that of the folder)'),
    )
    .addOption(new Option('--dir <folder>', 'folder of that key (default: $DAYBOOK_DIR or .daybook)'))
    .option('--json', 'answer in JSON, for programs')

export function toClient(flags: AskFlags): Client {
  const { url, key } = resolveAsking(flags)
  return createClient({ baseUrl: url, key })
}

export const print = (line: string): void => void process.stdout.write(`${line}\n`)
export const printJson = (value: unknown): void => print(escapeActive(JSON.stringify(value)))
/** For people, beside the answer. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`)
