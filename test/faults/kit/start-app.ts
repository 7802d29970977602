import { fileURLToPath } from 'node:url'
import { type Child, type ChildEnv, startChild } from '../../kit/child.ts'
import type { Tasks } from './app.ts'

/** A URL at which nothing listens. */
export const NO_DATABASE = 'postgres://nobody:nothing@127.0.0.1:1/none'

export interface AppPlace {
  readonly dir: string
  readonly database?: string
  readonly env?: ChildEnv
  /** Node's own flags. */
  readonly flags?: readonly string[]
  /** A command that runs the app and keeps its pid, such as `strace -D …`. */
  readonly under?: readonly string[]
}

export type Tell = <Name extends keyof Tasks>(
  name: Name,
  ...task: Parameters<Tasks[Name]>
) => Promise<Awaited<ReturnType<Tasks[Name]>>>

export interface App {
  readonly child: Child
  readonly tell: Tell
}

const toPath = (script: string): string => fileURLToPath(new URL(script, import.meta.url))

/** Starts a program of this folder. */
export function startProgram(
  script: string,
  args: readonly string[],
  { dir, database = NO_DATABASE, env = {}, flags = [], under = [] }: AppPlace,
): Child {
  const all = { DAYBOOK_DIR: dir, DATABASE_URL: database, ...env }
  if (under.length === 0) return startChild([...flags, toPath(script)], args, all)
  return startChild(toPath('under.ts'), [...under, process.execPath, ...flags, toPath(script), ...args], all)
}

export async function startApp(place: AppPlace): Promise<App> {
  const child = startProgram('app.ts', [], place)
  const url = (await child.waitForLine(/^ready /)).slice('ready '.length)
  const tell: Tell = async (name, ...[task]) => {
    const answer = await fetch(`${url}/${encodeURIComponent(JSON.stringify({ name, ...task }))}`)
    return JSON.parse(await answer.text())
  }
  return { child, tell }
}
