/**
 * The campaign `fuzz`: whatever reads what others have written is fed with bad bytes, by the thousand. It takes or refuses
 * them, in no time, and nothing else happens. The same seed feeds the same.
 */
import { createMaker } from '../capture/otlp/exports.ts'
import type { CampaignOptions, Outcome } from './campaign.ts'
import { every } from './every.ts'
import { CONTROL, createTargets, type Target } from './fuzz-targets.ts'

/** Of the thread's own time: what else the machine does is not in it. */
const SLOW_MS = 100
const SHOWN = 10
const PROGRESS_MS = 5_000

interface Fed {
  readonly executions: number
  readonly per_second: number
  readonly slowest_ms: number
}

interface Report {
  readonly campaign: 'fuzz'
  readonly seed: number
  readonly executions: number
  /** Of the thread's own time. */
  readonly per_second: number
  /** Wrong answers and such that never came. */
  readonly crashed: number
  readonly slow: number
  readonly targets: Readonly<Record<string, Fed>>
}

type Asked = Pick<CampaignOptions, 'count' | 'seed' | 'dir' | 'say' | 'isControl'>

export async function runFuzzCampaign({
  count,
  seed,
  dir,
  say,
  isControl,
}: Asked): Promise<Outcome & { readonly report: Report }> {
  const problems = { crashed: [] as string[], slow: [] as string[] }
  const targets: Record<string, Fed> = {}
  const began = cpuMs()
  for (const [name, target] of Object.entries(isControl ? CONTROL : createTargets(dir))) {
    const executions = Math.ceil((count * target.share) / 1_000)
    const tell = every(PROGRESS_MS, (at: number) => say(`${name}  ${at}/${executions}`))
    targets[name] = feed({ name, target, executions, seed, tell }, problems)
    say(`${name}  ${JSON.stringify(targets[name])}`)
  }
  const executions = Object.values(targets).reduce((sum, fed) => sum + fed.executions, 0)
  const isPolluted = Object.keys(Object.prototype).length > 0 || Reflect.has({}, 'polluted')
  return {
    report: {
      campaign: 'fuzz',
      seed,
      executions,
      per_second: toRate(executions, cpuMs() - began),
      crashed: problems.crashed.length,
      slow: problems.slow.length,
      targets,
    },
    problems: [
      ...problems.crashed.slice(0, SHOWN),
      ...problems.slow.slice(0, SHOWN),
      ...(isPolluted ? ['Something has reached a prototype.'] : []),
    ],
  }
}

interface Feed {
  readonly name: string
  readonly target: Target
  readonly executions: number
  readonly seed: number
  readonly tell: (at: number) => void
}

function feed({ name, target, executions, seed, tell }: Feed, problems: { crashed: string[]; slow: string[] }): Fed {
  const execute = (at: number): void => target.run(createMaker(seed * 1_000_003 + at))
  const began = cpuMs()
  let slowest = 0
  for (let at = 0; at < executions; at++) {
    const beganMs = performance.now()
    try {
      execute(at)
    } catch (error) {
      problems.crashed.push(`${name} ${at}: ${error instanceof Error ? error.stack : String(error)}`)
    }
    const ms = performance.now() - beganMs
    // A busy machine makes any of them slow once.
    const own =
      ms > slowest
        ? Math.min(
            ms,
            timeOf(() => execute(at)),
            timeOf(() => execute(at)),
          )
        : ms
    slowest = Math.max(slowest, own)
    if (own > SLOW_MS) problems.slow.push(`${name} ${at}: it took ${Math.round(own)} ms.`)
    tell(at)
  }
  return { executions, per_second: toRate(executions, cpuMs() - began), slowest_ms: Math.round(slowest * 10) / 10 }
}

function timeOf(call: () => void): number {
  const began = cpuMs()
  try {
    call()
  } catch {
    // As before.
  }
  return cpuMs() - began
}

/** Time that this thread was at work. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

const toRate = (executions: number, ms: number): number => Math.round((executions / ms) * 1_000)
