import type { EventStats } from '../client.ts'
import { toCount, toDuration, toShare } from '../format.ts'

interface FiguresProps {
  readonly stats: EventStats | undefined
  /** True when the figures no longer follow. */
  readonly isOld: boolean
}

export function Figures({ stats, isOld }: FiguresProps) {
  const failed = stats?.by_status.failure ?? 0
  const duration = stats?.duration_ms
  return (
    <dl className="figures" aria-label="Today in figures" data-old={isOld}>
      <Figure name="Events today" value={stats && toCount(stats.total)} note="since midnight" />
      <Figure
        name="Error share"
        value={stats && toShare(failed, stats.total)}
        note={failed === 1 ? '1 event failed' : `${toCount(failed)} events failed`}
        isBad={failed > 0}
      />
      <Figure
        name="p95 duration"
        value={stats && (toDuration(duration?.p95) || '–')}
        note={duration?.p50 == null ? 'nothing timed yet' : `median ${toDuration(duration.p50)}`}
      />
      <Figure name="Unique users" value={stats && toCount(stats.unique_users)} note="did something today" />
    </dl>
  )
}

interface FigureProps {
  readonly name: string
  readonly value: string | undefined
  readonly note: string
  readonly isBad?: boolean
}

const Figure = ({ name, value, note, isBad = false }: FigureProps) => (
  <div className="figure" data-bad={isBad}>
    <dt className="figure-name">{name}</dt>
    <dd className="figure-value">{value ?? '–'}</dd>
    <dd className="figure-note">{value === undefined ? '\u2007' : note}</dd>
  </div>
)
