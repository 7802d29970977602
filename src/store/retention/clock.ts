/**
 * Is the clock right? A wrong one would drop every day there is. So it is believed as long as it goes on from where it
 * was seen last; what is further ahead was downtime or a jump, which nobody can tell apart at once.
 */
import type { Em } from '../orm.ts'
import { runSql } from '../sql.ts'

/** Between the clocks of this process and of the database. */
const MAX_APART_MS = 3_600_000
/** A long weekend of downtime. */
const MAX_AHEAD = '3 days'
/** A clock that has run on for so long since its jump is believed again, as long as it is looked at once a day. */
const STEADY = '7 days'

/** The doubted clock was looked at not long ago, and has not run back. */
const IS_STEADY = "doubted_at between now() - interval '1 day' and now()"

export interface ClockCheck {
  /** Why nothing may be removed; null when the clock is believed. */
  readonly reason: string | null
  /** It was another reason at the last look, or none. */
  readonly isNew: boolean
}

interface Look {
  readonly reason: string | null
  readonly before: string | null
  readonly now_ms: number
  /** When the clock was believed last, ISO. */
  readonly trusted: string
  readonly ahead: boolean
}

/** Looks, and notes what it saw. With `force` the clock is believed whatever it says. */
export async function checkClock(em: Em, processMs: number, force = false): Promise<ClockCheck> {
  const { reason, before, trusted } = await look(em, processMs, force)
  await runSql(
    em,
    `insert into retention_clock as last (trusted_at, doubted_since, doubted_at, reason)
       select case when told is null then now() else $2::timestamptz end, doubted, doubted, told
       from (select $1::text as told, case when $1::text is null then null else now() end as doubted) as seen
     on conflict (one) do update set
       trusted_at = excluded.trusted_at, doubted_at = excluded.doubted_at, reason = excluded.reason,
       doubted_since = case when excluded.reason is not null and last.${IS_STEADY} then last.doubted_since
         else excluded.doubted_since end`,
    [reason, trusted],
  )
  return { reason, isNew: reason !== null && toKind(reason) !== toKind(before) }
}

/** The same without a note, for a dry run. */
export const peekClock = async (em: Em, processMs: number, force = false): Promise<string | null> =>
  (await look(em, processMs, force)).reason

async function look(em: Em, processMs: number, force: boolean): Promise<Look> {
  // The first look goes by the newest row.
  const { rows } = await runSql<Omit<Look, 'reason'>>(
    em,
    `with last as (
       select coalesce((select trusted_at from retention_clock), (select max(created_at) from event_logs), now()) as trusted
     )
     select to_char(trusted at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as trusted,
       (select reason from retention_clock) as before,
       (extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms,
       now() > trusted + interval '${MAX_AHEAD}' and not exists (select from retention_clock
         where doubted_since <= now() - interval '${STEADY}' and ${IS_STEADY}) as ahead
     from last`,
  )
  const [row] = rows
  if (!row) throw new Error('The database told no time.')
  return { ...row, reason: force ? null : toReason(row, processMs) }
}

function toReason({ now_ms, ahead, trusted }: Omit<Look, 'reason'>, processMs: number): string | null {
  const apartMs = Math.abs(processMs - now_ms)
  if (apartMs > MAX_APART_MS)
    return `The clocks of the process and of the database are ${Math.round(apartMs / 60_000)} minutes apart. Set them right.`
  if (ahead)
    return `The clock went on by more than ${MAX_AHEAD} since ${trusted.slice(0, 16)}Z. If it is right, prune with force; else it is believed after ${STEADY}.`
  return null
}

/** The same trouble, whatever the figures in it. */
const toKind = (reason: string | null): string | undefined => reason?.replace(/\d.*/s, '')
