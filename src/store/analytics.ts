/** One project in numbers: what happened, over time, what people were asked, what failed, and what it cost. */
import type { Analytics } from '../event/figures.ts'
import type { EventSelection } from '../event/query.ts'
import type { Scope } from '../event/viewer.ts'
import { ASKED, DECIDED } from './lineage.ts'
import type { Em } from './orm.ts'
import { toWhere, type Where } from './scope.ts'
import { runSql } from './sql.ts'
import { type SpreadRow, toSpread, toSpreadSql } from './stats.ts'

type Rest = Omit<Analytics, 'stats' | 'timeline'>

interface Selected {
  readonly scope: Scope
  readonly selection: EventSelection
}

export async function findAnalytics(em: Em, { scope, selection }: Selected): Promise<Rest> {
  const where = toWhere(scope, selection)
  const { start_time, end_time } = selection
  const times = { ...(start_time && { start_time }), ...(end_time && { end_time }) }
  return {
    approvals: await findApprovals(em, where),
    errors: {
      total: await countErrors(em, toWhere(scope, { filters: {}, ...times })),
      failed_events: await countFailed(em, where),
    },
    usage: await findUsage(em, where),
  }
}

interface Decisions extends SpreadRow {
  readonly asked: number
  readonly granted: number
  readonly denied: number
  readonly expired: number
}

/** A decision says how long it took; where it does not, the question that it answers was asked then. */
async function findApprovals(em: Em, where: Where): Promise<Rest['approvals']> {
  const count = (type: string): string => `(count(*) filter (where event_type = 'APPROVAL_${type}'))::int`
  const { rows } = await runSql<Decisions>(
    em,
    `with told as (
       select event_type, created_at, duration_ms, coalesce(payload->>'approval_id', tool_call_id) as question
       from event_logs where ${where.text} and event_type = any($${where.parameters.length + 1}::text[])
     ), questions as (
       select question, min(created_at) as asked_at from told
       where event_type = 'APPROVAL_REQUIRED' and question is not null group by question
     ), waits as (
       select told.event_type, case when event_type in ('APPROVAL_GRANTED', 'APPROVAL_DENIED')
         then coalesce(duration_ms, extract(epoch from told.created_at - asked_at)::float8 * 1000) end as wait_ms
       from told left join questions using (question)
     )
     select ${count('REQUIRED')} as asked, ${count('GRANTED')} as granted, ${count('DENIED')} as denied,
       ${count('EXPIRED')} as expired, ${toSpreadSql('wait_ms')} from waits`,
    [...where.parameters, [...ASKED, ...DECIDED]],
  )
  const { asked = 0, granted = 0, denied = 0, expired = 0 } = rows[0] ?? {}
  return { asked, granted, denied, expired, wait_ms: toSpread(rows[0]) }
}

const countErrors = (em: Em, where: Where): Promise<number> => count(em, `error_logs where ${where.text}`, where)
const countFailed = (em: Em, where: Where): Promise<number> =>
  count(em, `event_logs where ${where.text} and status = 'failure'`, where)

async function count(em: Em, from: string, { parameters }: Where): Promise<number> {
  const { rows } = await runSql<{ found: number }>(em, `select count(*)::int as found from ${from}`, parameters)
  return rows[0]?.found ?? 0
}

type ModelUsage = Rest['usage']['by_model'][number]

async function findUsage(em: Em, where: Where): Promise<Rest['usage']> {
  const { rows } = await runSql<Omit<ModelUsage, 'model'> & { readonly model: string | null }>(
    em,
    `select model, count(*)::int as calls, coalesce(sum(input_tokens), 0)::float8 as input_tokens,
       coalesce(sum(output_tokens), 0)::float8 as output_tokens, coalesce(sum(cost), 0)::float8 as cost
     from event_logs where ${where.text} and (input_tokens is not null or output_tokens is not null or cost is not null)
     group by model order by calls desc, model`,
    where.parameters,
  )
  const sum = (name: 'input_tokens' | 'output_tokens' | 'cost') => rows.reduce((all, row) => all + row[name], 0)
  return {
    ...{ input_tokens: sum('input_tokens'), output_tokens: sum('output_tokens'), cost: sum('cost') },
    by_model: rows.flatMap(({ model, ...figures }) => (model === null ? [] : [{ model, ...figures }])),
  }
}
