/** Faults of the disk itself, put between an app and its kernel by strace. */
import { spawnSync } from 'node:child_process'

/** Why nothing can be traced here, to be added to the title of a skipped test; undefined when it can. */
export const whyNoStrace = tryStrace()

function tryStrace(): string | undefined {
  if (spawnSync('strace', ['-V']).error) spawnSync('apt-get', ['install', '-y', '-q', 'strace'])
  const { status, error, stderr } = spawnSync('strace', ['-D', '-o', '/dev/null', 'true'], { encoding: 'utf8' })
  if (status === 0) return undefined
  return ` (skipped: strace can't be had here: ${error?.message ?? stderr.trim()})`
}

/** Runs an app under strace, in its own pid. The calls named are written to the file `trace`, with the faults injected into them. */
export const traced = (trace: string, calls: string, ...inject: readonly string[]): readonly string[] => [
  ...['strace', '-D', '-f', '--seccomp-bpf', '-o', trace, '-e', `trace=${calls}`],
  ...inject.flatMap((rule) => ['-e', `inject=${rule}`]),
]
