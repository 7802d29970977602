import { type ReactNode, useMemo } from 'react'
import { Answered } from '../answered.tsx'
import type { EventStats } from '../client.ts'
import { toCount, toDuration, toShare } from '../format.ts'
import { useRange } from '../range.tsx'
import { useCall } from '../use-call.ts'
import { Nothing, View } from '../view.tsx'
import { Breakdown } from './breakdown.tsx'
import { OverTime } from './over-time.tsx'
import { Spreads } from './spreads.tsx'

const EVERY_MS = 10_000
const HOUR_MS = 3_600_000

/** What is counted, and the filter by which one finds the events of a bar. */
const COUNTS = [
  ['by_status', 'By status', 'status'],
  ['by_type', 'By type', 'event_type'],
  ['by_category', 'By category', 'category'],
  ['by_agent', 'By agent', 'agent_id'],
  ['by_tool', 'By tool', 'tool_name'],
  ['by_user', 'By user', 'user_id'],
  ['by_country', 'By country', 'country'],
  ['by_route', 'By route', 'route'],
] as const

/** Events in figures, of the time that the address says. */
export function Statistics({ tools }: { readonly tools?: ReactNode }) {
  const { start_time, end_time, since } = useRange('24h')
  const range = useMemo(() => ({ start_time, ...(end_time && { end_time }) }), [start_time, end_time])
  const stats = useCall('getEventStats', { query: range }, { everyMs: EVERY_MS, since })
  const interval = toInterval(start_time, end_time)
  const timeline = useCall('getEventTimeline', { query: { ...range, interval } }, { everyMs: EVERY_MS, since })
  return (
    <View title="Statistics" about="Every bar leads to its events." tools={tools}>
      <Answered of={stats} what="the statistics">
        {(stats) =>
          stats.total === 0 ? (
            <Nothing title="Nothing happened in this time">
              Choose a longer range, or make a request to your app.
            </Nothing>
          ) : (
            <>
              <Sums stats={stats} seconds={toSeconds(start_time, end_time)} />
              <Answered of={timeline} what="the events over time">
                {(timeline) => <OverTime timeline={timeline} />}
              </Answered>
              <div className="breakdowns">
                <Spreads
                  spreads={stats.duration_ms_by_route}
                  range={range}
                  note={toNote(stats, 'duration_ms_by_route')}
                />
                {COUNTS.map(([name, title, filter]) => (
                  <Breakdown
                    key={name}
                    title={title}
                    counts={stats[name]}
                    filter={filter}
                    range={range}
                    note={toNote(stats, name)}
                  />
                ))}
              </div>
            </>
          )
        }
      </Answered>
    </View>
  )
}

/** A busy hour keeps the most frequent values: what of the others may be missing is said. */
function toNote({ precision }: EventStats, name: string): string | undefined {
  const lacking = precision.lacking[name]
  return lacking ? `each may lack up to ${toCount(lacking)} events` : undefined
}

const toSeconds = (start: string, end: string | undefined): number =>
  Math.max((Date.parse(end ?? new Date().toISOString()) - Date.parse(start)) / 1000, 1)

function toInterval(start: string, end: string | undefined): 'minute' | 'hour' | 'day' {
  const ms = toSeconds(start, end) * 1000
  return ms <= 3 * HOUR_MS ? 'minute' : ms <= 8 * 24 * HOUR_MS ? 'hour' : 'day'
}

function Sums({ stats, seconds }: { readonly stats: EventStats; readonly seconds: number }) {
  const failed = stats.by_status.failure ?? 0
  const { p50, p95, p99 } = stats.duration_ms
  return (
    <dl className="figures wide">
      <Sum name="Events" value={toCount(stats.total)} note={`${toRate(stats.total / seconds)} on average`} />
      <Sum name="Failed" value={toShare(failed, stats.total)} note={`${toCount(failed)} events`} isBad={failed > 0} />
      <Sum name="p50" value={toDuration(p50) || '–'} note="half was faster" />
      <Sum name="p95" value={toDuration(p95) || '–'} note="of 20, one was slower" />
      <Sum name="p99" value={toDuration(p99) || '–'} note="of 100, one was slower" />
      <Sum name="Users" value={toCount(stats.unique_users)} note="did something" />
    </dl>
  )
}

const toRate = (perSecond: number): string =>
  perSecond >= 1 ? `${toCount(Math.round(perSecond))} a second` : `${toCount(Math.round(perSecond * 3600))} an hour`

interface SumProps {
  readonly name: string
  readonly value: string
  readonly note: string
  readonly isBad?: boolean
}

export const Sum = ({ name, value, note, isBad = false }: SumProps) => (
  <div className="figure" data-bad={isBad}>
    <dt className="figure-name">{name}</dt>
    <dd className="figure-value">{value}</dd>
    <dd className="figure-note">{note}</dd>
  </div>
)
