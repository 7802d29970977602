/** Options and variables that there are not: most are misspelt. */
import type { Env } from './layers.ts'
import { advise, showName, toNearest } from './nearest.ts'
import { ASKING_SETTINGS, SERVE_SETTINGS, SETTINGS } from './settings.ts'

/** Variables of ours that other settings read. */
const ENV_NAMES: readonly string[] = [
  ...Object.values(SETTINGS),
  ...Object.values(SERVE_SETTINGS),
  ...Object.values(ASKING_SETTINGS),
].flatMap((s) => ('env' in s ? [s.env] : []))

export function noteUnknown(options: object, settings: object, problems: string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    problems.push('options: expected an object.')
    return
  }
  const known = Object.keys(settings)
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) problems.push(`${showName(name)}: no such option${advise(toNearest(name, known))}`)
  }
}

const PREFIX = 'DAYBOOK_'

/** Only our own prefix can be checked; the variable that was meant need not have it. */
export function noteUnknownVariables(env: Env, problems: string[]): void {
  const bare = (name: string): string => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name)
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || value === undefined || value === '' || ENV_NAMES.includes(name)) continue
    const near = toNearest(bare(name), ENV_NAMES.map(bare))
    const meant = ENV_NAMES.find((known) => bare(known) === near)
    problems.push(`${showName(name)}: no such environment variable${advise(meant)}`)
  }
}
