import { type Command, Option } from 'commander'

interface ServeFlags {
  readonly host?: string
  readonly port?: string
  readonly dir?: string
}

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('run the API and the page on one port, over Postgres or an embedded database')
    .addOption(new Option('--host <address>', 'address to listen on (default: $HOST or 127.0.0.1)'))
    .addOption(new Option('--port <port>', 'port to listen on (default: $PORT or 4318)'))
    .addOption(
      new Option('--dir <folder>', 'folder of files and embedded database (default: $DAYBOOK_DIR or .daybook)'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ daybook serve\n  $ DATABASE_URL=postgres://localhost/app daybook serve --port 8080',
    )
    .action(runServe)
}

/** Runs until SIGINT or SIGTERM; a second one ends it at once, which loses nothing that is on disk. */
async function runServe({ host, port, dir }: ServeFlags): Promise<void> {
  // Loaded when it is wanted: other commands are quicker without.
  const { serve } = await import('../service.ts')
  const service = await serve({
    options: dir === undefined ? {} : { dir },
    ...(host === undefined ? {} : { host }),
    // As text: the same check as for the environment names the setting when it is wrong.
    ...(port === undefined ? {} : { port: port as unknown as number }),
  })
  const stop = (): void => {
    process.once('SIGINT', () => process.exit(130))
    process.once('SIGTERM', () => process.exit(143))
    void service.close().then(() => process.exit(0))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}
