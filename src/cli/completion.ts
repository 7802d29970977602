/** Completion for shells, made from the commands and their flags themselves. */
import { Argument, type Command } from 'commander'
import { print } from './asking.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof SHELLS)[number]

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print what makes the shell complete commands and flags')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText(
      'after',
      '\nExamples:\n  $ source <(daybook completion bash)\n  $ daybook completion fish > ~/.config/fish/completions/daybook.fish',
    )
    .action((shell: Shell) => print(toScript(shell, program)))
}

export function toScript(shell: Shell, program: Command): string {
  const words = toWords(program)
  if (shell === 'fish') return words.flatMap(toFish).join('\n')
  const cases = words.map(({ path, next }) => `    '${path}') next='${next.map(({ word }) => word).join(' ')}' ;;`)
  const body = `_daybook() {
  local next='' path='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) path="\${path:+$path }$word" ;; esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$next" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _daybook daybook`
  return shell === 'bash' ? body : `autoload -U +X bashcompinit && bashcompinit\n${body}`
}

interface Place {
  /** The commands typed so far. */
  readonly path: string
  readonly next: readonly { readonly word: string; readonly says: string }[]
}

function toWords(command: Command, path: readonly string[] = []): Place[] {
  const flags = command.options.map((option) => ({ word: option.long ?? option.short ?? '', says: option.description }))
  const below = command.commands.map((child) => ({ word: child.name(), says: child.description() }))
  const own = { path: path.join(' '), next: [...below, ...flags] }
  return [own, ...command.commands.flatMap((child) => toWords(child, [...path, child.name()]))]
}

const toFish = ({ path, next }: Place): string[] =>
  next.map(({ word, says }) => {
    const seen =
      path === ''
        ? '__fish_use_subcommand'
        : path
            .split(' ')
            .map((name) => `__fish_seen_subcommand_from ${name}`)
            .join('; and ')
    const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`
    return `complete -c daybook -n '${seen}' ${what} -d '${says.replaceAll("'", "\\'")}'`
  })
