import { type Command, Option } from 'commander'
import type { Answer } from '../client/client.ts'
import { type AskFlags, addAsking, print, printJson, say, toClient } from './asking.ts'
import { toPlain } from './plain.ts'

interface CreateFlags extends AskFlags {
  readonly role: Key['role']
  readonly user?: string
  readonly label?: string
  readonly expiresAt?: string
}

interface RotateFlags extends AskFlags {
  readonly overlap?: string
}

type Key = Answer<'listKeys'>['keys'][number]

export function addKeys(program: Command): void {
  const keys = program.command('keys').description('make, list, rotate and revoke the keys of a Daybook that runs')
  const add = (usage: string, description: string): Command => addAsking(keys.command(usage).description(description))

  add('create', 'make a key and show it, this once')
    .addOption(new Option('--role <role>').choices(['admin', 'auditor', 'user', 'ingest']).makeOptionMandatory())
    .option('--user <user>', 'whose events it sees; role user needs it')
    .option('--label <text>', 'what it is for')
    .option('--expires-at <time>', 'when it ends, such as 2027-01-01T00:00:00Z')
    .addHelpText('after', '\nExample:\n  $ daybook keys create --role user --user alice')
    .action(createKey)
  add('list', 'show all keys, without their text').action(listKeys)
  add('rotate <id>', 'give a key another text and show it, this once')
    .option('--overlap <seconds>', 'how long the text before is taken too', '0')
    .action(rotateKey)
  add('revoke <id>', 'refuse a key from now on').action(revokeKey)
}

async function createKey({ role, user, label, expiresAt, ...flags }: CreateFlags): Promise<void> {
  const body = {
    role,
    ...(user !== undefined && { user_id: user }),
    ...(label !== undefined && { label }),
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
  }
  show(flags, await toClient(flags).createKey({ body }))
}

async function rotateKey(id: string, { overlap = '0', ...flags }: RotateFlags): Promise<void> {
  show(flags, await toClient(flags).rotateKey({ path: { id }, query: { overlap_s: Number(overlap) } }))
}

async function revokeKey(id: string, flags: AskFlags): Promise<void> {
  const key = await toClient(flags).revokeKey({ path: { id } })
  if (flags.json) printJson(key)
  else print(`Key ${id} is revoked since ${key.revoked_at}.`)
}

/** The text alone on standard output, so that it can be piped to where it is kept. */
function show({ json }: AskFlags, made: Answer<'createKey'>): void {
  const { id, role, user_id, key } = made
  if (json) printJson(made)
  else {
    say(`Key ${id} of role ${role}${user_id === undefined ? '' : ` for ${user_id}`}; not shown again:`)
    print(key)
  }
}

async function listKeys(flags: AskFlags): Promise<void> {
  const { keys } = await toClient(flags).listKeys()
  if (flags.json) printJson({ keys })
  else printTable(keys)
}

function printTable(keys: readonly Key[]): void {
  const rows = keys.map(({ id, role, user_id = '', label = '', created_at, last_used_at = '', ...key }) =>
    [id, role, user_id, created_at, last_used_at, toState(key), label].map(toPlain),
  )
  const table = [['ID', 'ROLE', 'USER', 'CREATED', 'LAST USED', 'STATE', 'LABEL'], ...rows]
  const widths = table.reduce<number[]>((all, row) => row.map((cell, i) => Math.max(all[i] ?? 0, cell.length)), [])
  const lines = table.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  print(lines.join('\n'))
}

const toState = ({ revoked_at, expires_at }: Pick<Key, 'revoked_at' | 'expires_at'>): string => {
  if (revoked_at !== undefined) return `revoked ${revoked_at}`
  if (expires_at === undefined) return 'in use'
  return `${Date.parse(expires_at) > Date.now() ? 'until' : 'ended'} ${expires_at}`
}
