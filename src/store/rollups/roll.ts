/**
 * The steps by which rollups are made. Each is one transaction with one view of the database, so that a mark is taken
 * away only with what it tells of; and one process of a fleet takes them at a time.
 */
import { IsolationLevel } from '@mikro-orm/core'
import { LOCKS } from '../locks.ts'
import type { Em, Orm } from '../orm.ts'
import { toIsoSql } from '../pages.ts'
import { IS_AWAITED } from '../retention/lead.ts'
import { runSql } from '../sql.ts'
import { toEnds } from '../stats.ts'
import { aggregate } from './aggregate.ts'
import { type Rollup, toRow } from './rollup.ts'

/** 'busy': another process is at it, or waits to remove a day, for which nobody may read it. */
export type Step = 'went on' | 'over' | 'busy'

/** A step of the horizon passes over so many rows, or over one transaction. */
const ROWS_A_STEP = 50_000

export const withSnapshot = <T>(em: Em, work: (em: Em) => Promise<T>): Promise<T> =>
  em.transactional(work, { isolationLevel: IsolationLevel.REPEATABLE_READ })

export async function alone(orm: Orm, work: (em: Em) => Promise<Step>): Promise<Step> {
  return withSnapshot(orm.em.fork(), async (em) => {
    // What is lost with the machine is counted again: nobody waits for the disk.
    const { rows } = await runSql<{ is_ours: boolean }>(
      em,
      `select not ${IS_AWAITED} and pg_try_advisory_xact_lock(${LOCKS.rolling}) as is_ours, set_config('synchronous_commit', 'off', true)`,
    )
    return rows[0]?.is_ours ? work(em) : 'busy'
  })
}

/** Begins anew, from the rows. */
export const forget = (orm: Orm): Promise<Step> =>
  alone(orm, async (em) => {
    await runSql(em, 'select daybook_forget_rollups()')
    return 'over'
  })

/**
 * Moves the horizon towards the oldest transaction that is still open, and marks the hours of the rows between: of
 * both lanes, however late they are. 'over' when it is there.
 */
export const advance = (orm: Orm): Promise<Step> =>
  alone(orm, async (em) => {
    const { rows } = await runSql<{ from: string; edge: string; is_other: boolean }>(
      em,
      `select horizon::text as from, pg_snapshot_xmin(pg_current_snapshot())::text as edge, ${IS_OTHER} as is_other
       from event_rollup_state`,
    )
    const [state] = rows
    if (!state || state.is_other) {
      await runSql(em, 'select daybook_forget_rollups()')
      return 'over'
    }
    const to = await findStep(em, state)
    await runSql(
      em,
      `insert into event_rollup_marks (hour) select distinct date_trunc('hour', created_at, 'UTC') from event_logs
       where tx_id >= $1::xid8 and tx_id < $2::xid8 on conflict do nothing`,
      [state.from, to],
    )
    await runSql(em, 'update event_rollup_state set horizon = $1::xid8, rolled_at = now()', [to])
    return to === state.edge ? 'over' : 'went on'
  })

/** A horizon that this database has not reached yet is that of another, which it is a copy of. */
export const IS_OTHER = 'horizon > pg_snapshot_xmax(pg_current_snapshot())'

async function findStep(em: Em, { from, edge }: { readonly from: string; readonly edge: string }): Promise<string> {
  // A transaction's rows are taken together; its id is passed by one.
  const { rows } = await runSql<{ tx_id: string }>(
    em,
    `select tx_id::text as tx_id from event_logs where tx_id >= $1::xid8 and tx_id < $2::xid8
     order by event_logs.tx_id limit 1 offset ${ROWS_A_STEP}`,
    [from, edge],
  )
  return rows[0] ? String(BigInt(rows[0].tx_id) + 1n) : edge
}

/** Counts the newest of the hours that are marked. 'over' when none is. */
export const rollOne = (orm: Orm): Promise<Step> =>
  alone(orm, async (em) => {
    const { rows } = await runSql<{ hour: string }>(
      em,
      `select ${toIsoSql('hour')} as hour from event_rollup_marks order by event_rollup_marks.hour desc limit 1`,
    )
    const [marked] = rows
    if (!marked) return 'over'
    const { hour } = marked
    const behind = toEnds({
      text: `event_logs where created_at >= $1::timestamptz and created_at < $2::timestamptz
        and tx_id < (select horizon from event_rollup_state)`,
      parameters: [hour, toHourAfter(hour)],
    })
    const rollups = await aggregate(em, behind)
    await runSql(em, 'delete from event_rollup_marks where hour = $1::timestamptz', [hour])
    // With the day that it is a part of.
    await runSql(
      em,
      `delete from event_rollups where (hour = $1::timestamptz and hours = 1)
         or (hour = date_trunc('day', $1::timestamptz, 'UTC') and hours = 24)`,
      [hour],
    )
    await putRollups(em, rollups, { hour, hours: 1 })
    return 'went on'
  })

interface Span {
  /** Its beginning. */
  readonly hour: string
  readonly hours: 1 | 24
}

export async function putRollups(em: Em, of: ReadonlyMap<string, Rollup>, { hour, hours }: Span): Promise<void> {
  const rollups = [...of].map(([tenant_id, rollup]) => ({ tenant_id, ...toRow(rollup) }))
  await runSql(
    em,
    `insert into event_rollups (tenant_id, hour, hours, total, failures, counts, cuts, durations, users)
     select tenant_id, $1::timestamptz, $2::int, total, failures, counts, cuts, durations, users
     from json_to_recordset($3::json) as t(tenant_id text, total int, failures int, counts json, cuts json, durations json, users text)`,
    [hour, hours, JSON.stringify(rollups)],
  )
}

/** Reckoned here: what the database reckons it knows too late to leave days out. */
export const toHourAfter = (hour: string): string => new Date(Date.parse(hour) + HOUR_MS).toISOString()
const HOUR_MS = 3_600_000

export async function countMarked(em: Em): Promise<number> {
  const { rows } = await runSql<{ hours: number }>(
    em,
    'select count(distinct hour)::int as hours from event_rollup_marks',
  )
  return rows[0]?.hours ?? 0
}

/** With a day of events goes what was counted of it. */
export async function dropRollups(em: Em, { log, day }: { readonly log: string; readonly day: string }): Promise<void> {
  if (log !== 'events') return
  await runSql(
    em,
    `delete from event_rollups where hour >= $1::date::timestamp at time zone 'UTC'
       and hour < ($1::date + 1)::timestamp at time zone 'UTC'`,
    [day],
  )
}
