/** Daybook's figures in the text format of Prometheus (exposition format 0.0.4). */
import { METRICS, type Metric } from '../event/metrics.ts'
import type { Health } from '../event/ports.ts'
import type { Handlers } from './call.ts'

export function createMetricsHandlers(health: () => Health): Handlers {
  return { getMetrics: () => ({ status: 200, body: toText(health()) }) }
}

const UNITS = { '1': '', By: '_bytes', s: '_seconds' } as const

const toName = ({ name, kind, unit }: Metric): string =>
  `${name.replaceAll('.', '_')}${UNITS[unit]}${kind === 'counter' ? '_total' : ''}`

const toText = (health: Health): string =>
  METRICS.map((metric) => {
    const name = toName(metric)
    return `# HELP ${name} ${metric.help}\n# TYPE ${name} ${metric.kind}\n${name} ${metric.value(health) ?? 'NaN'}\n`
  }).join('')
