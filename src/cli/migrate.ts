import { type Command, Option } from 'commander'
import { Fault } from '../event/fault.ts'
import type { Migrations } from '../upkeep.ts'
import { print, printJson } from './asking.ts'
import { addDir, type DirFlags, toOptions } from './dir.ts'
import { paint } from './event-line.ts'

type Flags = DirFlags & { readonly json?: boolean; readonly yes?: boolean }
type UpFlags = Flags & { readonly owner?: string; readonly service?: string }

export function addMigrate(program: Command): void {
  const migrate = program
    .command('migrate')
    .description('bring the database to this release; an app does it by itself when it starts')
    .addHelpText(
      'after',
      '\nExamples:\n  $ DATABASE_URL=postgres://localhost/app daybook migrate status\n  $ daybook migrate up\n  $ daybook migrate --owner daybook_owner --service daybook_service',
    )
  addDir(migrate.command('up', { isDefault: true }).description('do what is left'))
    .addOption(new Option('--owner <role>', 'role without log-in that has the tables of a server; with --service'))
    .addOption(new Option('--service <role>', 'role of the service: stores and reads, changes nothing; with --owner'))
    .option('--json', 'answer in JSON')
    .action(runUp)
  addDir(migrate.command('status').description('list the migrations'))
    .option('--json', 'answer in JSON')
    .action(runStatus)
  addDir(migrate.command('down').description('take the last one back, with what is stored in it'))
    .option('--yes', 'yes, delete what is stored in it')
    .option('--json', 'answer in JSON')
    .action(runDown)
}

const withMigrations = async <T>(flags: Flags, work: (migrations: Migrations) => Promise<T>): Promise<T> =>
  (await import('../upkeep.ts')).withMigrations(toOptions(flags), work)

async function runUp({ json, owner, service, ...flags }: UpFlags, command: Command): Promise<void> {
  if (owner !== undefined && service === undefined)
    command.error('error: --owner takes --service too, the role that your services log in as.')
  if (service !== undefined && owner === undefined)
    command.error('error: --service takes --owner too, a role without log-in that has the tables.')
  const roles = owner !== undefined && service !== undefined ? { owner, service } : undefined
  const done = await (await import('../upkeep.ts')).bringUp(toOptions(flags), roles)
  if (json) return printJson({ done })
  for (const name of done) print(`${paint('green', 'done')}  ${name}`)
  print('The database is up to date.')
}

async function runStatus({ json, ...flags }: Flags): Promise<void> {
  const migrations = await withMigrations(flags, (open) => open.list())
  if (json) return printJson({ migrations })
  for (const { name, done, known } of migrations)
    print(`${done ? paint('green', 'done') : paint('yellow', 'left')}  ${name}${known ? '' : '  (of a later release)'}`)
}

async function runDown({ json, yes, ...flags }: Flags): Promise<void> {
  if (!yes)
    throw new Fault(
      'invalid_request',
      'This deletes what is stored in the tables that go. Say --yes to do it all the same.',
    )
  const taken_back = await withMigrations(flags, (migrations) => migrations.down())
  if (json) printJson({ taken_back: taken_back ?? null })
  else
    print(taken_back === undefined ? 'There is none to take back.' : `${paint('yellow', 'taken back')}  ${taken_back}`)
}
