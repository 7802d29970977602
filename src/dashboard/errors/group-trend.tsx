import { TimeChart } from '../charts/time-chart.tsx'
import type { Answer } from '../client.ts'
import { toCount, toDayOfMonth, toMoment } from '../format.ts'

interface GroupTrendProps {
  readonly counts: readonly number[]
  readonly range: Answer<'findErrorGroups'>['range']
}

/** How often, over the time that was looked at; a bar leads to all that failed then. */
export function GroupTrend({ counts, range }: GroupTrendProps) {
  const fromMs = Date.parse(range.start_time ?? '1970-01-01')
  const partMs = ((range.end_time ? Date.parse(range.end_time) : Date.now()) - fromMs) / counts.length
  const at = (place: number): string => new Date(fromMs + place * partMs).toISOString()
  const parts = counts.map((count, place) => ({
    start: at(place),
    words: `${toMoment(at(place))} to ${toMoment(at(place + 1))}: ${count === 1 ? '1 error' : `${toCount(count)} errors`}`,
    total: count,
    failures: count,
    place,
    mark: toDayOfMonth(at(place)),
    to: { view: 'errors', start_time: at(place), end_time: at(place + 1) },
  }))
  return <TimeChart label="How often, over time" parts={parts} steps={[1, 2, 3, 6]} />
}
