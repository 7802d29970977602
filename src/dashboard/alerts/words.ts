/** How an alert reads: its figure in the unit of what is measured, and where its events are. */
import type { Params } from '../address.ts'
import type { Alert } from '../client.ts'
import { toCount, toDuration, toShare } from '../format.ts'

type Toward = Pick<Alert, 'measure'>

export function toFigure({ measure }: Toward, value: number): string {
  if (measure === 'share') return toShare(value, 1)
  if (measure === 'p95' || measure === 'lag_ms') return toDuration(value)
  if (measure === 'waiting_bytes' || measure === 'free_bytes') return toGigabytes(value)
  return toCount(value)
}

/** As the descriptions of the rules have it. */
const toGigabytes = (bytes: number): string => `${toCount(Number((bytes / 2 ** 30).toFixed(1)))} GB`

export const toLimit = ({ above, below }: Pick<Alert, 'above' | 'below'>): number => above ?? below ?? 0

export const toLimitWords = (alert: Alert): string =>
  `fires ${alert.above === null ? 'below' : 'above'} ${toFigure(alert, toLimit(alert))}`

/** The events that made it fire; of one that fires still, also those that come. None where no event is measured. */
export function toEvents({ events, firing, since, last_fired_at, window_ms }: Alert): Params | undefined {
  const fired = firing ? since : last_fired_at
  if (!events || !fired) return undefined
  const filters = Object.entries(events).map(([name, values]) => [name, [values].flat().map(String)])
  return {
    ...Object.fromEntries(filters),
    start_time: new Date(Date.parse(fired) - window_ms).toISOString(),
    ...(!firing && { end_time: fired }),
  }
}
