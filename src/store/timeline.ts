/** Events over time, in equal parts, those without an event among them. */
import { Fault } from '../event/fault.ts'
import {
  DIVIDED_BY,
  INTERVALS,
  type Interval,
  MAX_BUCKETS,
  type Timeline,
  type TimelineQuery,
} from '../event/figures.ts'
import type { EventSelection } from '../event/query.ts'
import type { Scope } from '../event/viewer.ts'
import type { Em } from './orm.ts'
import { type Source, toIsoSql } from './pages.ts'
import { addHours, toExact } from './rollups/answers.ts'
import type { Rolled } from './rollups/rolled.ts'
import { runSql } from './sql.ts'
import { toCounted, toCounts } from './stats.ts'

const MINUTE_MS = 60_000
const INTERVAL_MS: Readonly<Record<Interval, number>> = {
  minute: MINUTE_MS,
  hour: 60 * MINUTE_MS,
  day: 24 * 60 * MINUTE_MS,
}
/** So many parts of a shorter interval, or fewer, are chosen before a longer one is. */
const NICE_BUCKETS = 180

interface Asked {
  readonly scope: Scope
  /** Where hours were rolled up: their rollups, and the rows that none has. */
  readonly rolled?: Rolled | undefined
  readonly selection: EventSelection & { readonly start_time: string; readonly end_time: string }
  readonly timeline: TimelineQuery
}

interface Part {
  readonly start_time: string
  readonly value: string | null
  readonly events: number
  readonly failures: number
}

/** Throws Fault `invalid_request` for what makes too many parts. */
export async function findTimeline(em: Em, source: Source, asked: Asked): Promise<Timeline> {
  const fresh_to = new Date().toISOString()
  const { scope, selection, timeline } = asked
  const { start_time, end_time } = selection
  const { tz = 'UTC' } = timeline
  // Columns are never written into a question as they were given.
  const by = DIVIDED_BY.find((column) => column === timeline.by)
  const interval = toInterval(Date.parse(end_time) - Date.parse(start_time), timeline.interval)
  // Minutes are less than an hour, of which there are rollups.
  const rolled = interval === 'minute' ? undefined : asked.rolled
  const counted = rolled?.rest ?? toCounted(source, scope, selection)
  const at = counted.parameters.length
  const toPartSql = (time: string, zone: number): string => `date_trunc('${interval}', ${time}, $${zone}::text)`
  const trunc = (time: string): string => toPartSql(time, at + 1)
  // Days are as long as their zone makes them; hours and minutes are not counted by its clocks: some are set by half an hour.
  const start = trunc(`$${at + 2}::timestamptz`)
  // A day that has its first hour twice begins, for the database, where it comes again: that may be after the end.
  const last = `$${at + 3}::timestamptz - interval '1 microsecond'`
  const part = interval === 'day' ? trunc('created_at') : `date_bin('1 ${interval}', created_at, (select ${start}))`
  // By the local clock: the first day may have no midnight, and the others have.
  const toLocalDay = `date_trunc('day', $${at + 2}::timestamptz at time zone $${at + 1}::text)`
  const series =
    interval === 'day'
      ? `select local at time zone $${at + 1}::text as bucket
         from generate_series(${toLocalDay}, (${last}) at time zone $${at + 1}::text, interval '1 day') as local`
      : `select bucket from generate_series(${start}, ${last}, interval '1 ${interval}') as bucket`
  const { rows } = await runSql<Part>(
    em,
    `with counted as (
       select ${part} as bucket, ${by ?? 'null::text'} as value, count(*)::int as events,
         (count(*) filter (where status = 'failure'))::int as failures
       from ${counted.text} group by 1, 2
     )
     select ${toIsoSql('series.bucket')} as start_time, value, coalesce(events, 0) as events, coalesce(failures, 0) as failures
     from (${series}) as series left join counted on counted.bucket = series.bucket
     order by series.bucket, events desc, value`,
    [...counted.parameters, tz, start_time, end_time],
  )
  const buckets = toBuckets(rows, by !== undefined)
  const answer = { interval, range: { start_time, end_time } }
  if (!rolled) return { ...answer, precision: toExact(fresh_to), buckets }
  // A zone may be off by half an hour: then an hour is no part of one.
  if (!isOfHours(buckets)) return findTimeline(em, source, { ...asked, rolled: undefined })
  const parts = new Map(buckets.map((bucket) => [bucket.start_time, bucket]))
  const rollups = interval === 'day' && tz === 'UTC' ? rolled.days : rolled.hours
  const lacking = await addHours(em, parts, { rollups, toPartSql, tz: interval === 'day' ? tz : 'UTC', by })
  return {
    ...answer,
    precision: { ...toExact(fresh_to), ...(lacking > 0 && { is_approximate: true, lacking: { counts: lacking } }) },
    buckets: [...parts.values()],
  }
}

const isOfHours = (buckets: Timeline['buckets']): boolean =>
  buckets.every(({ start_time }) => start_time.endsWith(':00:00.000000Z'))

/** The longest time that days can be told of. */
export const LONGEST_MS = (MAX_BUCKETS - 1) * INTERVAL_MS.day

function toInterval(spanMs: number, asked: Interval | undefined): Interval {
  const isAtMost = (interval: Interval, buckets: number): boolean => spanMs / INTERVAL_MS[interval] <= buckets
  const chosen = INTERVALS.find((one) => (asked ? one === asked : isAtMost(one, NICE_BUCKETS)))
  const interval = chosen ?? 'day'
  if (isAtMost(interval, MAX_BUCKETS)) return interval
  // There is nothing longer than a day.
  const advice =
    interval === 'day'
      ? `start_time: a timeline has no more than ${MAX_BUCKETS} days; ask for a shorter time.`
      : `interval: it makes over ${MAX_BUCKETS} parts; ask for a longer one, or for a shorter time.`
  throw new Fault('invalid_request', advice)
}

function toBuckets(parts: readonly Part[], isDivided: boolean): Timeline['buckets'] {
  const byTime = Map.groupBy(parts, ({ start_time }) => start_time)
  return [...byTime].map(([start_time, of]) => ({
    start_time,
    total: of.reduce((sum, { events }) => sum + events, 0),
    failures: of.reduce((sum, { failures }) => sum + failures, 0),
    counts: toCounts(isDivided ? of.flatMap(({ value, events }) => (value === null ? [] : [{ value, events }])) : []),
  }))
}
