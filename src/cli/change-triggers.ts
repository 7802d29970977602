import { type Command, Option } from 'commander'

interface Flags {
  readonly down?: boolean
  readonly schema: string
  readonly onFailure: 'fail' | 'set_aside'
}

export function addChangeTriggers(program: Command): void {
  program
    .command('change-triggers <tables...>')
    .description('print SQL for a migration, whose triggers tell of writes that no unit of work made')
    .option('--down', 'SQL that takes them away')
    .addOption(new Option('--schema <name>', "where Daybook's tables are").default('public'))
    .addOption(
      new Option('--on-failure <what>', 'when the event cannot be inserted')
        .choices(['fail', 'set_aside'])
        .default('fail'),
    )
    .addHelpText('after', '\nExample:\n  $ daybook change-triggers orders order_lines > migration.sql')
    .action(async (tables: string[], { down, ...options }: Flags) => {
      const { toChangeTriggers } = await import('../service.ts')
      const sql = toChangeTriggers({ tables, ...options })
      process.stdout.write(`${(down ? sql.down : sql.up).join(';\n')};\n`)
    })
}
