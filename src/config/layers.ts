/** Where a setting is looked for: code, then the environment, then the file. */
import { Fault } from '../event/fault.ts'
import type { Setting } from './checks.ts'
import { type FileSettings, NO_FILE, readFileSettings } from './file.ts'
import { SETTINGS } from './settings.ts'

export type Env = Readonly<Record<string, string | undefined>>

export interface Layers {
  readonly code: object
  readonly env: Env
  readonly file: FileSettings
}

export interface Found {
  readonly value: unknown
  readonly from: 'code' | 'environment' | 'file'
}

export function toLayers(code: object, env: Env, problems: string[]): Layers {
  const named = reader({ code, env, file: NO_FILE }, problems)('configFile', SETTINGS.configFile)
  return { code, env, file: readFileSettings(named, problems) }
}

/** An empty variable is as none. */
export function find(
  option: string,
  { env: variable }: Setting<unknown>,
  { code, env, file }: Layers,
): Found | undefined {
  const written: unknown = Object(code)[option] ?? undefined
  if (written !== undefined) return { value: written, from: 'code' }
  const fromEnv = variable ? env[variable] : undefined
  if (fromEnv !== undefined && fromEnv !== '') return { value: fromEnv, from: 'environment' }
  const value = file.values[option]
  return value === undefined ? undefined : { value, from: 'file' }
}

/** Reads one setting; a wrong value is noted as a problem. */
export function reader(layers: Layers, problems: string[]) {
  return <T>(option: string, setting: Setting<T>): T | undefined => {
    const found = find(option, setting, layers)
    const checked = found && setting.check(found.value)
    // The value itself is not shown: it may be a password.
    if (found && checked === undefined)
      problems.push(`${found.from === 'environment' ? setting.env : option}: expected ${setting.expects}.`)
    return checked
  }
}

/** One Fault `invalid_options` that names everything wrong. */
export function throwIfAny(problems: readonly string[], layers: Layers): void {
  if (problems.length === 0) return
  const lines = problems.map((problem) => `  - ${nameFile(problem, layers)}`)
  throw new Fault('invalid_options', `Daybook can't start:\n${lines.join('\n')}`)
}

/** A problem that begins with an option says in which file that stands. */
function nameFile(problem: string, layers: Layers): string {
  const option = /^\w+/.exec(problem)?.[0] ?? ''
  const setting: Setting<unknown> | undefined = Object.hasOwn(SETTINGS, option)
    ? SETTINGS[option as keyof typeof SETTINGS]
    : undefined
  const isOfFile = setting && find(option, setting, layers)?.from === 'file'
  return isOfFile ? `${layers.file.path}: ${problem}` : problem
}
