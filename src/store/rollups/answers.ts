/** Statistics and timelines out of rollups and the rows that none has. */

import type { EventStats } from '../../event/figures.ts'
import { type Bucket, COUNTED, type Precision } from '../../event/figures.ts'
import type { Em } from '../orm.ts'
import { toIsoSql } from '../pages.ts'
import type { Where } from '../scope.ts'
import { runSql } from '../sql.ts'
import { countRows, countTypes } from '../stats.ts'
import { aggregate } from './aggregate.ts'
import { DISTINCT_ERROR } from './distinct.ts'
import { DURATION_ERROR, ROUTE_DURATION_ERROR } from './durations.ts'
import type { Rolled } from './rolled.ts'
import { addRow, createRollup, type Dimension, type RollupRow, toMost, toNumbers } from './rollup.ts'

/** Every row was read. */
export const toExact = (fresh_to: string): Precision => ({
  ...{ fresh_to, is_approximate: false, duration_ms: 0, duration_ms_by_route: 0, unique_users: 0, lacking: {} },
})

const COLUMNS = 'total, failures, counts, cuts, durations, users'

export async function toStats(
  em: Em,
  { rest, days, hasAny }: Rolled,
  fresh_to: string,
): Promise<Omit<EventStats, 'range'>> {
  if (!hasAny) return { ...(await countRows(em, rest)), precision: toExact(fresh_to) }
  const [rows] = (await aggregate(em, rest)).values()
  const all = rows ?? createRollup()
  const found = await runSql<RollupRow>(em, `select ${COLUMNS} from ${days.text}`, days.parameters)
  for (const row of found.rows) addRow(all, row)
  const told = [...Object.entries(COUNTED), ['duration_ms_by_route', 'duration_ms_by_route'] as const]
  const lacking = told.flatMap(([name, column]) => {
    const events = all.cuts.get(column) ?? 0
    return events > 0 ? [[name, events] as const] : []
  })
  return { ...toNumbers(all), precision: toApproximate(fresh_to, Object.fromEntries(lacking)) }
}

const toApproximate = (fresh_to: string, lacking: Precision['lacking']): Precision => ({
  ...{ fresh_to, is_approximate: true, unique_users: DISTINCT_ERROR, lacking },
  ...{ duration_ms: DURATION_ERROR, duration_ms_by_route: ROUTE_DURATION_ERROR },
})

export async function toTypes(em: Em, { rest, days }: Rolled): Promise<ReadonlyMap<string, number>> {
  const types = await countTypes(em, rest)
  const { rows } = await runSql<{ event_type: string; events: number }>(
    em,
    `select type.key as event_type, sum(type.value::int)::int as events
     from (select counts from ${days.text}) as rollups, json_each_text(rollups.counts -> 'event_type') as type group by 1`,
    days.parameters,
  )
  for (const { event_type, events } of rows) types.set(event_type, (types.get(event_type) ?? 0) + events)
  return types
}

interface RolledPart {
  readonly start_time: string
  readonly total: number
  readonly failures: number
  readonly counts: Bucket['counts'] | null
  readonly cut: number | null
}

export interface Divided {
  readonly rollups: Where
  /** The beginning of the part that an hour is in. */
  readonly toPartSql: (time: string, bind: number) => string
  readonly tz: string
  readonly by: Dimension | undefined
}

/** Adds hours to the parts of a timeline; gives the most events that a value of a part may lack. */
export async function addHours(em: Em, buckets: Map<string, Bucket>, of: Divided): Promise<number> {
  const { rollups, toPartSql, tz, by } = of
  const { rows } = await runSql<RolledPart>(
    em,
    `select ${toIsoSql(toPartSql('hour', rollups.parameters.length + 1))} as start_time, total, failures,
       ${by ? `counts -> '${by}' as counts, (cuts ->> '${by}')::int as cut` : 'null as counts, null as cut'} from ${rollups.text}`,
    [...rollups.parameters, tz],
  )
  let lacking = 0
  for (const [start_time, hours] of Map.groupBy(rows, (row) => row.start_time)) {
    const bucket = buckets.get(start_time)
    if (bucket) buckets.set(start_time, withHours(bucket, hours))
    lacking = Math.max(
      lacking,
      sum(hours, ({ cut }) => cut ?? 0),
    )
  }
  return lacking
}

const sum = <T>(of: readonly T[], toNumber: (one: T) => number): number =>
  of.reduce((all, one) => all + toNumber(one), 0)

function withHours(bucket: Bucket, hours: readonly RolledPart[]): Bucket {
  const values = new Map(Object.entries(bucket.counts))
  for (const { counts } of hours)
    for (const [value, events] of Object.entries(counts ?? {})) values.set(value, (values.get(value) ?? 0) + events)
  return {
    start_time: bucket.start_time,
    total: bucket.total + sum(hours, ({ total }) => total),
    failures: bucket.failures + sum(hours, ({ failures }) => failures),
    counts: toMost(values),
  }
}
