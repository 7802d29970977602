import type { TimePart } from '../charts/part.tsx'
import { TimeChart } from '../charts/time-chart.tsx'
import type { Answer } from '../client.ts'
import { toClock, toCount, toDayOfMonth, toMoment, toWallMs } from '../format.ts'

type Timeline = Answer<'getEventTimeline'>

const STEP_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }
const STEPS = { minute: [1, 2, 5, 10, 15, 30, 60], hour: [1, 2, 3, 6, 12, 24, 48, 96], day: [1, 2, 7, 14, 28, 56] }

interface OverTimeProps {
  readonly timeline: Timeline
  readonly start_time: string
  readonly end_time?: string
}

/** Each part of the time as a bar. */
export function OverTime({ timeline, start_time, end_time }: OverTimeProps) {
  const { interval } = timeline
  const parts = toParts(timeline, Date.parse(start_time), end_time ? Date.parse(end_time) : Date.now())
  return (
    <section className="card over-time">
      <h3>Events by {interval}</h3>
      <p className="chart-legend muted">
        <span data-tone="good">went well or goes on</span> <span data-tone="bad">failed</span>
      </p>
      <TimeChart label={`Events by ${interval}`} parts={parts} steps={STEPS[interval]} />
    </section>
  )
}

const MOST_PARTS = 400

/** Parts without events are parts too; the API may leave them out. */
function toParts({ interval, buckets }: Timeline, fromMs: number, toMs: number): TimePart[] {
  const step = STEP_MS[interval]
  const known = new Map(buckets.map((bucket) => [Date.parse(bucket.start_time), bucket]))
  const parts: TimePart[] = []
  const anchor = buckets[0] ? Date.parse(buckets[0].start_time) % step : 0
  const first = Math.floor((fromMs - anchor) / step) * step + anchor
  for (let atMs = first; atMs <= toMs && parts.length < MOST_PARTS; atMs += step) {
    const { total = 0, failures = 0 } = known.get(atMs) ?? {}
    const start = new Date(atMs).toISOString()
    const wallMs = toWallMs(start)
    parts.push({
      start,
      words: `${toMoment(start)}: ${total === 1 ? '1 event' : `${toCount(total)} events`}, ${toCount(failures)} failed`,
      total,
      failures,
      place: Math.floor(wallMs / step),
      mark: wallMs % STEP_MS.day < step ? toDayOfMonth(start) : toClock(start),
      to: { start_time: start, end_time: new Date(atMs + step).toISOString() },
    })
  }
  return parts
}
