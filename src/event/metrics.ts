/** The figures that Daybook gives of itself: to Prometheus by `/metrics`, and by the OpenTelemetry metrics API. */
import type { Health } from './ports/health.ts'

export interface Metric {
  /** OpenTelemetry's name; Prometheus has `_` for `.`, and the unit and `total` at its end. */
  readonly name: string
  readonly kind: 'counter' | 'gauge'
  readonly unit: '1' | 'By' | 's'
  readonly help: string
  /** Null while it is not known. */
  readonly value: (health: Health) => number | null
}

const metric = (
  kind: Metric['kind'],
  [name, unit, help]: readonly [string, Metric['unit'], string],
  value: Metric['value'],
): Metric => ({ name: `daybook.${name}`, kind, unit, help, value })

const sumOf = (caches: Health['caches'], of: 'hits' | 'misses'): number =>
  Object.values(caches).reduce((sum, cache) => sum + cache[of], 0)

export const METRICS: readonly Metric[] = [
  metric('counter', ['events.offered', '1', 'Events handed in by the app.'], ({ spool }) => spool.offered),
  metric('counter', ['events.appended', '1', 'Events written to disk.'], ({ spool }) => spool.appended),
  metric('counter', ['events.shed', '1', 'Events dropped, as they could not be kept.'], ({ spool }) => spool.shed),
  metric('counter', ['events.stored', '1', 'Events stored in the database.'], ({ drain }) => drain.stored),
  metric(
    'counter',
    ['events.quarantined', '1', 'Lines set aside, as they could not be stored.'],
    ({ drain }) => drain.quarantined,
  ),
  metric('gauge', ['events.waiting', '1', 'Own events on disk that are not stored yet.'], ({ waiting }) => waiting),
  metric('counter', ['spool.appended', 'By', 'Bytes written to disk.'], ({ spool }) => spool.bytes),
  metric(
    'gauge',
    ['spool.waiting', 'By', 'Bytes on disk that are not stored yet, of all processes.'],
    ({ drain }) => drain.waiting_bytes,
  ),
  metric('gauge', ['drain.lag', 's', 'Age of the oldest event that waits.'], ({ lag_ms }) => lag_ms / 1000),
  metric(
    'gauge',
    ['drain.batch', 's', 'Time that the last batch took to store.'],
    ({ drain }) => drain.batch_ms / 1000,
  ),
  metric('gauge', ['drain.up', '1', '1 while events are stored, 0 while they wait.'], ({ drain }) =>
    Number(/^(idle|draining|standby)$/.test(drain.state)),
  ),
  metric('counter', ['requests', '1', 'Requests that have ended.'], ({ tally }) => tally.requests),
  metric(
    'counter',
    ['requests.failed', '1', 'Requests that failed on the server.'],
    ({ tally }) => tally.request_errors,
  ),
  metric(
    'counter',
    ['requests.duration', 's', 'Time that all ended requests took together.'],
    ({ tally }) => tally.request_ms / 1000,
  ),
  metric('counter', ['cache.hits', '1', "Answers that the app's caches had."], ({ caches }) => sumOf(caches, 'hits')),
  metric('counter', ['cache.misses', '1', "Answers that the app's caches had not."], ({ caches }) =>
    sumOf(caches, 'misses'),
  ),
  metric('counter', ['logins.failed', '1', 'Log-ins and keys that were refused.'], ({ tally }) => tally.failed_logins),
]
