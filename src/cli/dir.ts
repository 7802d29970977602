/** Commands that work on the folder and its database themselves, not through a Daybook that runs. */
import { type Command, Option } from 'commander'
import type { Options } from '../config/options.ts'

export interface DirFlags {
  readonly dir?: string
}

export const addDir = (command: Command): Command =>
  command.addOption(
    new Option('--dir <folder>', 'folder of files and embedded database (default: $DAYBOOK_DIR or .daybook)'),
  )

export const toOptions = ({ dir }: DirFlags): Options => (dir === undefined ? {} : { dir })
