import { type Command, Option } from 'commander'
import { setConfigFile } from '../config/asking.ts'
import { print, printJson } from './asking.ts'
import { paint } from './event-line.ts'
import { toPlain } from './plain.ts'

export function addConfig(program: Command): void {
  program
    .command('config')
    .description('show the settings in force, and where each comes from')
    .option('--json', 'answer in JSON')
    .addHelpText('after', '\nSecrets are not shown. What an app gives in code it alone knows, and is not here.')
    .action(runConfig)
}

async function runConfig({ json }: { readonly json?: boolean }): Promise<void> {
  const { readInForce } = await import('../config/in-force.ts')
  const { file, settings } = readInForce()
  if (json) return printJson({ file: file ?? null, settings })
  print(`${paint('dim', 'file')}  ${file === undefined ? 'none' : toPlain(file)}`)
  for (const { option, value, from, variable } of settings) {
    const shown = value === undefined ? '–' : toPlain(JSON.stringify(value))
    const where = from === 'environment' ? `${from}, ${variable}` : from
    print(`${option.padEnd(22)}  ${shown}  ${paint(from === 'default' ? 'dim' : 'green', where)}`)
  }
}

/** Each command takes the file of settings as a flag, too. */
export function addConfigFlag(command: Command): void {
  for (const child of command.commands) addConfigFlag(child)
  if (command.commands.length > 0) return
  command
    .addOption(new Option('--config <file>', 'file of settings (default: $DAYBOOK_CONFIG or daybook.json)'))
    .hook('preAction', () => {
      const { config } = command.opts<{ config?: string }>()
      if (config !== undefined) setConfigFile(config)
    })
}
