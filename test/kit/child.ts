/** Node children for tests that kill processes or need Node's loader hooks, which Jest's VM has not. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { onTestEnd, tell } from './clean-up.ts'
import { waitUntil } from './wait-until.ts'

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Child {
  readonly pid: number
  /** All that it wrote so far. */
  readonly stdout: () => string
  readonly stderr: () => string
  /** The first line, of stdout or stderr, that matches; fails when the child ends or time passes without one. */
  readonly waitForLine: (pattern: RegExp, timeoutMs?: number) => Promise<string>
  /** Sends the signal, waits for the end. Default SIGTERM. */
  readonly kill: (signal?: NodeJS.Signals) => Promise<Exit>
  /** Sends a signal and goes on, as for SIGSTOP. */
  readonly signal: (signal: NodeJS.Signals) => void
  /** Resolves when it ended and its output is complete. */
  readonly exit: Promise<Exit>
}

export type ChildEnv = Readonly<Record<string, string | undefined>>

/**
 * Runs `node script …args`; Node's own flags, if any, go before the script in an array. The environment is ours plus `env`.
 * A child still alive when the test ends is killed then; a failed test prints its output.
 */
export function startChild(
  script: string | readonly [...flags: string[], script: string],
  args: readonly string[] = [],
  env: ChildEnv = {},
): Child {
  const command = typeof script === 'string' ? [script] : script
  const spawned = spawn(process.execPath, [...command, ...args], {
    env: { ...process.env, NODE_OPTIONS: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const child = toChild(spawned, command.join(' '))
  onTestEnd(async (failed) => {
    if (isAlive(spawned)) await child.kill('SIGKILL')
    if (failed) tell(`Output of ${command.join(' ')} (pid ${child.pid}):\n${child.stdout()}${child.stderr()}`)
  })
  return child
}

const isAlive = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null

function toChild(child: ChildProcess, name: string): Child {
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  let hasEnded = false
  const exit = once(child, 'close')
    .finally(() => {
      hasEnded = true
    })
    .then(() => ({ code: child.exitCode, signal: child.signalCode }))
  exit.catch(() => undefined)
  const output: Output = { name, texts: () => [stdout(), stderr()], hasEnded: () => hasEnded }
  return {
    pid: child.pid ?? -1,
    stdout,
    stderr,
    exit,
    signal: (signal) => void child.kill(signal),
    kill: (signal = 'SIGTERM') => {
      child.kill(signal)
      return exit
    },
    waitForLine: (pattern, timeoutMs = 120_000) => waitForLine(output, pattern, timeoutMs),
  }
}

interface Output {
  readonly name: string
  readonly texts: () => readonly string[]
  readonly hasEnded: () => boolean
}

async function waitForLine(output: Output, pattern: RegExp, timeoutMs: number): Promise<string> {
  // A line counts once its end was written: half an address is none.
  const lines = () => output.texts().flatMap((text) => text.match(/.*\n/g) ?? [])
  const find = () => lines().find((line) => pattern.test(line.trimEnd()))
  const isOver = () => find() !== undefined || output.hasEnded()
  await waitUntil(isOver, { what: 'a line', timeoutMs }).catch(() => undefined)
  const line = find()
  if (line !== undefined) return line.trimEnd()
  const state = output.hasEnded() ? 'ended without printing' : `did not print within ${timeoutMs} ms`
  throw new Error(`${output.name} ${state} a line like ${pattern}. Its output:\n${output.texts().join('')}`)
}

function collect(stream: Readable | null): () => string {
  let all = ''
  stream?.setEncoding('utf8').on('data', (text: string) => {
    all += text
  })
  return () => all
}
