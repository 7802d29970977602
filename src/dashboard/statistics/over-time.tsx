import type { TimePart } from '../charts/part.tsx'
import { TimeChart } from '../charts/time-chart.tsx'
import type { Answer } from '../client.ts'
import { toClock, toCount, toDayOfMonth, toMoment, toWallMs } from '../format.ts'

type Timeline = Answer<'getEventTimeline'>

const STEP_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }
const STEPS = { minute: [1, 2, 5, 10, 15, 30, 60], hour: [1, 2, 3, 6, 12, 24, 48, 96], day: [1, 2, 7, 14, 28, 56] }

/** Each part of the time as a bar. */
export function OverTime({ timeline }: { readonly timeline: Timeline }) {
  const { interval } = timeline
  const parts = toParts(timeline)
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

function toParts({ interval, buckets }: Timeline): TimePart[] {
  const step = STEP_MS[interval]
  return buckets.map(({ start_time, total, failures }) => {
    const atMs = Date.parse(start_time)
    const start = new Date(atMs).toISOString()
    const wallMs = toWallMs(start)
    return {
      start,
      words: `${toMoment(start)}: ${total === 1 ? '1 event' : `${toCount(total)} events`}, ${toCount(failures)} failed`,
      total,
      failures,
      place: Math.floor(wallMs / step),
      mark: wallMs % STEP_MS.day < step ? toDayOfMonth(start) : toClock(start),
      to: { start_time: start, end_time: new Date(atMs + step).toISOString() },
    }
  })
}
