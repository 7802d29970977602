/** Daybook's figures in the text format of Prometheus (exposition format 0.0.4). */
import { METRICS, type Metric } from '../event/metrics.ts'
import type { Health } from '../event/ports/health.ts'
import type { Handlers } from './call.ts'

export function createMetricsHandlers(health: () => Health): Handlers {
  return { getMetrics: () => ({ status: 200, body: toBody(health()) }) }
}

const UNITS = { '1': '', By: '_bytes', s: '_seconds' } as const

const toName = ({ name, kind, unit }: Metric): string =>
  `${name.replaceAll('.', '_')}${UNITS[unit]}${kind === 'counter' ? '_total' : ''}`

const toBody = (health: Health): string => toText(health) + toCacheText(health)

const toText = (health: Health): string =>
  METRICS.map((metric) => {
    const name = toName(metric)
    return `# HELP ${name} ${metric.help}\n# TYPE ${name} ${metric.kind}\n${name} ${metric.value(health) ?? 'NaN'}\n`
  }).join('')

/** By name: nobody can tell one cache from the sum of all. */
function toCacheText({ caches }: Health): string {
  const lines = Object.entries(caches).map(
    ([cache, { ratio }]) => `daybook_cache_hit_ratio{cache="${toLabel(cache)}"} ${ratio ?? 'NaN'}\n`,
  )
  if (lines.length === 0) return ''
  const head = '# HELP daybook_cache_hit_ratio Share of what was asked of a cache that it had.\n'
  return `${head}# TYPE daybook_cache_hit_ratio gauge\n${lines.join('')}`
}

const LABEL_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' }
const toLabel = (text: string): string => text.replace(/[\\"\n]/g, (c) => LABEL_ESCAPES[c] ?? c)
