import { spawnSync } from 'node:child_process'

/** Runs a command to its end; gives why it failed, undefined when it did not. */
export function runCommand(command: string, ...args: readonly string[]): string | undefined {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  return status === 0 ? undefined : (error?.message ?? stderr.trim())
}
