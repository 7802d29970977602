/**
 * What of a question rollups can answer. Whole hours come from them; the hours at the edges, those that are marked, and
 * what was stored behind the horizon come from rows. Each row is counted once, since all is read in one view.
 */
import type { EventSelection } from '../../event/query.ts'
import type { Scope } from '../../event/viewer.ts'
import type { Em } from '../orm.ts'
import { toIsoSql } from '../pages.ts'
import { andWhere, toWhere, type Where } from '../scope.ts'
import { runSql } from '../sql.ts'
import { toEnds } from '../stats.ts'
import { IS_OTHER, toHourAfter, withSnapshot } from './roll.ts'

export interface Rolled {
  /** Rows that no rollup has, as what follows `from`. */
  readonly rest: Where
  /** The rollups of hours, as what follows `from`. */
  readonly hours: Where
  /** The same, with those of days for the hours of each. */
  readonly days: Where
  /** Whether there is any. */
  readonly hasAny: boolean
}

/** Hours that are read from rows, of those that are asked for. Where there are more, all are. */
const MAX_MARKED = 48

/** Only those who see all of a tenant, and ask for all: a rollup can't tell what of it is whose. */
function isWhole(scope: Scope, asked: EventSelection): boolean {
  const { tenant_id: _, ...narrower } = scope
  const isNarrow = Object.values(narrower).some((value) => value !== undefined)
  return !(isNarrow || asked.q || asked.ofProject || isNamed(asked.filters) || isNamed(asked.least))
}

const isNamed = (of: object = {}): boolean => Object.values(of).some((value) => value !== undefined)

interface State {
  readonly horizon: string
  /** Beginnings of the first hour that is whole and of the one after the last. */
  readonly from: string | null
  readonly to: string | null
  readonly has_hours: boolean
  readonly marked: readonly string[] | null
  /** Whole days of which there is a rollup. */
  readonly days: readonly string[] | null
}

/** Calls `read` with what rollups can answer of it, or with nothing where the rows have to be read. */
export async function withRolled<T>(
  em: Em,
  scope: Scope,
  asked: EventSelection,
  read: (em: Em, rolled: Rolled | undefined) => Promise<T>,
): Promise<T> {
  if (!isWhole(scope, asked)) return read(em, undefined)
  return withSnapshot(em, async (tx) => read(tx, await findRolled(tx, scope, asked)))
}

async function findRolled(em: Em, scope: Scope, asked: EventSelection): Promise<Rolled | undefined> {
  const { start_time = null, end_time = null } = asked
  const { rows } = await runSql<State>(
    em,
    `with whole as (
       select date_trunc('hour', $1::timestamptz + interval '1 hour' - interval '1 microsecond', 'UTC') as first,
         date_trunc('hour', $2::timestamptz, 'UTC') as last
     ), marks as (
       select distinct hour from event_rollup_marks, whole where hour >= coalesce(first, '-infinity') and hour < coalesce(last, 'infinity')
     )
     select horizon::text as horizon, ${toIsoSql('first')} as from, ${toIsoSql('last')} as to,
       coalesce(first, '-infinity') < coalesce(last, 'infinity') as has_hours,
       (select json_agg(${toIsoSql('hour')}) from marks) as marked,
       (select json_agg(${toIsoSql('day.hour')}) from event_rollups as day where tenant_id = $3 and hours = 24
         and hour >= coalesce(first, '-infinity') and hour + interval '24 hours' <= coalesce(last, 'infinity')
         and not exists (select from marks where marks.hour >= day.hour and marks.hour < day.hour + interval '24 hours')
       ) as days
     from event_rollup_state, whole where not ${IS_OTHER}`,
    [start_time, end_time, scope.tenant_id],
  )
  const [state] = rows
  if (!state?.has_hours || (state.marked?.length ?? 0) > MAX_MARKED) return undefined
  const marked = state.marked ?? []
  const hours = toHours(scope, state, marked)
  const any = await runSql<{ is: boolean }>(em, `select exists(select from ${hours.text}) as is`, hours.parameters)
  return {
    rest: toRest(toWhere(scope, asked), state, marked),
    hours,
    days: withDays(hours, state.days ?? []),
    hasAny: any.rows[0]?.is ?? false,
  }
}

function toRest(where: Where, { horizon, from, to }: State, marked: readonly string[]): Where {
  const parts: string[] = []
  const values: unknown[] = []
  const add = (text: string, ...bound: readonly unknown[]): void => {
    parts.push(text)
    values.push(...bound)
  }
  if (from !== null) add('created_at < ?::timestamptz', from)
  if (to !== null) add('created_at >= ?::timestamptz', to)
  for (const hour of marked)
    add('(created_at >= ?::timestamptz and created_at < ?::timestamptz)', hour, toHourAfter(hour))
  const isRead = parts.length > 0 ? `(${parts.join(' or ')})` : 'false'
  // Two readings: the first goes by time, the second by transaction.
  const near = andWhere(where, isRead, values)
  const late = andWhere({ ...where, parameters: near.parameters }, `tx_id >= ?::xid8 and not ${isRead}`, [
    horizon,
    ...values,
  ])
  return toEnds({
    text: `(select * from event_logs where ${near.text} union all select * from event_logs where ${late.text}) as event_logs where true`,
    parameters: late.parameters,
  })
}

function toHours({ tenant_id }: Scope, { from, to }: State, marked: readonly string[]): Where {
  return {
    text: `event_rollups where tenant_id = $1 and hours = 1 and hour >= coalesce($2::timestamptz, '-infinity')
      and hour < coalesce($3::timestamptz, 'infinity') and not (hour = any($4::timestamptz[]))`,
    parameters: [tenant_id, from, to, marked],
  }
}

const withDays = (hours: Where, days: readonly string[]): Where => {
  const others = andWhere(hours, `not (date_trunc('day', hour, 'UTC') = any(?::timestamptz[]))`, [days])
  const at = others.parameters.length
  return {
    text: `(select * from ${others.text} union all select * from event_rollups
      where tenant_id = $1 and hours = 24 and hour = any($${at}::timestamptz[])) as event_rollups where true`,
    parameters: others.parameters,
  }
}
