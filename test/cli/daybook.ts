/** The command itself, run to its end. */
import { fileURLToPath } from 'node:url'
import { type ChildEnv, startChild } from '../kit/child.ts'

export const CLI = fileURLToPath(new URL('../../src/cli/daybook.ts', import.meta.url))

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export async function daybook(args: readonly string[], env: ChildEnv = {}): Promise<Ran> {
  const child = startChild(CLI, args, { NO_COLOR: '1', ...env })
  const { code } = await child.exit
  return { code, out: child.stdout(), err: child.stderr() }
}
