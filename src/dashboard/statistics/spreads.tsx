import { scaleLinear } from '@visx/scale'
import { Bar } from '@visx/shape'
import type { EventStats } from '../client.ts'
import { toDuration } from '../format.ts'
import { Bars } from './breakdown.tsx'

type Spread = EventStats['duration_ms_by_route'][string]

interface SpreadsProps {
  readonly spreads: Readonly<Record<string, Spread>>
  readonly range: Readonly<Record<string, string>>
  readonly note: string | undefined
}

const READ_AS = 'each from p50 to p99, with a line at p95'

/** What most requests of a route took, as a bar from the fast half to the slowest hundredth. */
export function Spreads({ spreads, range, note }: SpreadsProps) {
  const all = Object.entries(spreads)
  const most = Math.max(...all.map(([, { p95, p99 }]) => Math.max(p95 ?? 0, p99 ?? 0)), 1)
  const x = scaleLinear({ domain: [0, most], range: [0, 99] })
  return (
    <Bars
      title="Slowest routes, p95"
      of={all}
      toValue={({ p95 }) => p95 ?? 0}
      filter="route"
      range={range}
      note={[READ_AS, note].filter(Boolean).join('; ')}
    >
      {(route, { p50, p95, p99 }) => (
        <>
          <span>{route}</span>
          <b>{toDuration(p95 ?? 0)}</b>
          <svg className="spread" aria-hidden="true">
            <Bar className="spread-track" y="40%" width="100%" height="20%" rx="1" />
            <Bar x={`${x(p50 ?? 0)}%`} width={`${x((p99 ?? 0) - (p50 ?? 0))}%`} height="100%" rx="3" />
            <Bar className="spread-p95" x={`${x(p95 ?? 0)}%`} width="2" height="100%" />
          </svg>
          <small className="muted">
            p50 {toDuration(p50 ?? 0)}, p99 {toDuration(p99 ?? 0)}
          </small>
        </>
      )}
    </Bars>
  )
}
