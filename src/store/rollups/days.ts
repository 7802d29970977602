/** Days that are over, added up from their hours, which stay: whoever asks for a part of a day needs them. */
import type { Em, Orm } from '../orm.ts'
import { toIsoSql } from '../pages.ts'
import { runSql } from '../sql.ts'
import { alone, putRollups, type Step } from './roll.ts'
import { addRow, createRollup, type Rollup, type RollupRow, trim } from './rollup.ts'

const TENANTS_AT_ONCE = 50

/** Adds up the newest of the days that have none and wait for none of their hours. 'over' when there is none. */
export const rollDay = (orm: Orm): Promise<Step> =>
  alone(orm, async (em) => {
    const day = await findDay(em)
    if (day === undefined) return 'over'
    const { rows } = await runSql<{ tenant_id: string }>(em, `select distinct tenant_id from ${HOURS}`, [day])
    const tenants = rows.map(({ tenant_id }) => tenant_id)
    for (let at = 0; at < tenants.length; at += TENANTS_AT_ONCE)
      await putRollups(em, await addUp(em, day, tenants.slice(at, at + TENANTS_AT_ONCE)), { hour: day, hours: 24 })
    return 'went on'
  })

/** Of the day $1. */
const HOURS = `event_rollups where hours = 1 and hour >= $1::timestamptz and hour < $1::timestamptz + interval '24 hours'`

async function findDay(em: Em): Promise<string | undefined> {
  const { rows } = await runSql<{ day: string }>(
    em,
    `with days as (
       select to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp at time zone 'UTC' as day
       from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = 'event_logs'::regclass and c.relname ~ '_p[0-9]{8}$'
     )
     select ${toIsoSql('day')} as day from days
     where day + interval '24 hours' <= now()
       and exists (select from event_rollups where hours = 1 and hour >= day and hour < day + interval '24 hours')
       and not exists (select from event_rollups where hours = 24 and hour = day)
       and not exists (select from event_rollup_marks where hour >= day and hour < day + interval '24 hours')
     order by days.day desc limit 1`,
  )
  return rows[0]?.day
}

async function addUp(em: Em, day: string, tenants: readonly string[]): Promise<ReadonlyMap<string, Rollup>> {
  const { rows } = await runSql<RollupRow & { tenant_id: string }>(
    em,
    `select tenant_id, total, failures, counts, cuts, durations, users from ${HOURS} and tenant_id = any($2::text[])`,
    [day, tenants],
  )
  const days = new Map<string, Rollup>()
  for (const { tenant_id, ...row } of rows) {
    const rollup = days.get(tenant_id) ?? createRollup()
    days.set(tenant_id, rollup)
    addRow(rollup, row)
  }
  for (const rollup of days.values()) trim(rollup)
  return days
}
