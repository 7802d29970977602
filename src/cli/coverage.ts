import type { Command } from 'commander'

export function addCoverage(program: Command): void {
  program
    .command('coverage')
    .description('list the tables of $DATABASE_URL that were written without an event')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ DATABASE_URL=postgres://localhost/app daybook coverage')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { readCoverage } = await import('../service.ts')
      const tables = await readCoverage()
      const lines = tables.map(
        ({ table, inserted, updated, deleted }) =>
          `${table}: ${inserted} inserted, ${updated} updated, ${deleted} deleted`,
      )
      if (json) process.stdout.write(`${JSON.stringify({ tables })}\n`)
      else process.stdout.write(`${lines.length > 0 ? lines.join('\n') : 'Every table that was written has events.'}\n`)
    })
}
