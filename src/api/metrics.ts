/** The health of spool and drain in the text format of Prometheus (exposition format 0.0.4). */
import type { Health } from '../event/ports.ts'
import type { Handlers } from './call.ts'

type Metric = readonly [name: string, type: 'counter' | 'gauge', help: string, value: (health: Health) => number | null]

const METRICS: readonly Metric[] = [
  ['daybook_events_offered_total', 'counter', 'Events handed in by the app.', ({ spool }) => spool.offered],
  ['daybook_events_appended_total', 'counter', 'Events written to disk.', ({ spool }) => spool.appended],
  ['daybook_events_shed_total', 'counter', 'Events dropped, as they could not be kept.', ({ spool }) => spool.shed],
  ['daybook_events_stored_total', 'counter', 'Events stored in the database.', ({ drain }) => drain.stored],
  [
    'daybook_events_quarantined_total',
    'counter',
    'Lines set aside, as they could not be stored.',
    ({ drain }) => drain.quarantined,
  ],
  ['daybook_events_waiting', 'gauge', 'Own events on disk that are not stored yet.', ({ waiting }) => waiting],
  ['daybook_spool_appended_bytes_total', 'counter', 'Bytes written to disk.', ({ spool }) => spool.bytes],
  [
    'daybook_spool_waiting_bytes',
    'gauge',
    'Bytes on disk that are not stored yet, of all processes.',
    ({ drain }) => drain.waiting_bytes,
  ],
  ['daybook_drain_lag_seconds', 'gauge', 'Age of the oldest event that waits.', ({ lag_ms }) => lag_ms / 1000],
  [
    'daybook_drain_up',
    'gauge',
    '1 while events are stored, 0 while they wait.',
    ({ drain }) => Number(/^(idle|draining|standby)$/.test(drain.state)),
  ],
]

export function createMetricsHandlers(health: () => Health): Handlers {
  return { getMetrics: () => ({ status: 200, body: toText(health()) }) }
}

const toText = (health: Health): string =>
  METRICS.map(
    ([name, type, help, value]) =>
      `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value(health) ?? 'NaN'}\n`,
  ).join('')
