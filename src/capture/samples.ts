/** What the process uses and what its caches answered, as one event an interval. */
import type { CacheTally } from '../event/ports/health.ts'
import { type Caches, toCacheTally } from './caches.ts'
import type { Log } from './log.ts'

export interface SampleOptions {
  readonly everyMs: number
  readonly caches: Caches
}

/** Never keeps a process alive. Returns what ends it. */
export function startSamples({ log }: Pick<Log, 'log'>, { everyMs, caches }: SampleOptions): () => void {
  let cpu = process.cpuUsage()
  let atMs = performance.now()
  let told: ReturnType<Caches['tally']> = {}

  const sample = (): void => {
    const used = process.cpuUsage(cpu)
    const now = performance.now()
    const elapsedMs = now - atMs
    const tally = caches.tally()
    const memory = process.memoryUsage()
    const cpu_share = round((used.user + used.system) / 1000 / elapsedMs)
    log({
      event_type: 'SYSTEM_METRICS',
      actor_type: 'system',
      action_description: `Memory ${Math.round(memory.rss / 1_048_576)} MiB, CPU ${Math.round(cpu_share * 100)} % of a core`,
      payload: {
        interval_ms: Math.round(elapsedMs),
        memory: {
          rss_bytes: memory.rss,
          heap_used_bytes: memory.heapUsed,
          heap_total_bytes: memory.heapTotal,
          external_bytes: memory.external,
        },
        cpu: { user_ms: used.user / 1000, system_ms: used.system / 1000, share: cpu_share },
        uptime_s: Math.round(process.uptime()),
        caches: toDifference(tally, told),
      },
      metadata: { pid: process.pid },
    })
    cpu = process.cpuUsage()
    atMs = now
    told = tally
  }
  const timer = setInterval(sample, everyMs).unref()
  return () => clearInterval(timer)
}

const round = (share: number): number => Math.round(share * 10_000) / 10_000

/** Of the interval: those that were asked in it. As a list: a cache may be called `tokens`, and that is no secret. */
function toDifference(
  now: Readonly<Record<string, CacheTally>>,
  before: Readonly<Record<string, CacheTally>>,
): readonly (CacheTally & { readonly cache: string })[] {
  const differences = Object.entries(now).map(([name, { hits, misses }]) => {
    const of = before[name] ?? { hits: 0, misses: 0 }
    return { cache: name, ...toCacheTally(hits - of.hits, misses - of.misses) }
  })
  return differences.filter(({ ratio }) => ratio !== null)
}
