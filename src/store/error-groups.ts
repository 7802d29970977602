/** Errors by their fingerprint, and what people made of each group. */
import {
  type ErrorGroupRow,
  type GroupChange,
  type Groups,
  type GroupsQuery,
  MAX_ROUTES,
  TREND_PARTS,
} from '../event/groups.ts'
import type { ErrorGroupStore } from '../event/ports/readers.ts'
import { type Scope, toScope, type Viewer } from '../event/viewer.ts'
import { ErrorGroup } from './entities/error-group.ts'
import { ERRORS } from './error-repository.ts'
import { orFault } from './faults.ts'
import type { Em, Orm } from './orm.ts'
import { toFrom, toIsoSql } from './pages.ts'
import { toWhere } from './scope.ts'
import { createSince, toBounded } from './since.ts'
import { runSql } from './sql.ts'

export function createErrorGroupStore(orm: Orm, keepDays?: number): ErrorGroupStore {
  const since = createSince(keepDays)
  const find = (em: Em, viewer: Viewer, query: GroupsQuery): Promise<Groups> =>
    findGroups(em, toScope(viewer), toBounded(query, since))
  const findOne = async (viewer: Viewer, fingerprint: string): Promise<ErrorGroupRow | undefined> => {
    const { groups } = await find(orm.em.fork(), viewer, {
      filters: { fingerprint: [fingerprint] },
      limit: 1,
      offset: 0,
    })
    return groups[0]
  }
  return {
    find: (viewer, query) => orFault(() => find(orm.em.fork(), viewer, query)),
    change: (viewer, fingerprint, change) =>
      orFault(async () => {
        const group = await findOne(viewer, fingerprint)
        if (!group) return undefined
        await setState(orm.em.fork(), viewer, group, change)
        return findOne(viewer, fingerprint)
      }),
  }
}

async function setState(em: Em, viewer: Viewer, group: ErrorGroupRow, change: GroupChange): Promise<void> {
  const { state, muted_until = null, muted_until_errors = null } = change
  const now = new Date().toISOString()
  await em.upsert(ErrorGroup, {
    tenant_id: viewer.tenant_id,
    fingerprint: group.fingerprint,
    ...{ state, muted_until, muted_until_errors },
    // The clock of the app that raised the last one may be ahead of ours.
    since: group.last_seen > now ? group.last_seen : now,
    changed_by: viewer.user_id ?? viewer.role,
  })
}

type Found = (ErrorGroupRow | { readonly fingerprint: null }) & { readonly total: number }

async function findGroups(em: Em, scope: Scope, query: GroupsQuery): Promise<Groups> {
  const errors = toFrom(ERRORS, toWhere(scope, query), { q: query.q, order: 'desc' })
  const parameters: unknown[] = [...errors.parameters]
  const bind = (value: unknown): string => `$${parameters.push(value)}`
  const { start_time = EPOCH, end_time } = query
  const of = { errors: errors.text, seen: toWhere(scope, { filters: {} }).text }
  const { rows } = await runSql<Found>(
    em,
    toGroupsSql(of, {
      start: `${bind(start_time)}::timestamptz`,
      end: `${bind(end_time ?? new Date().toISOString())}::timestamptz`,
      states: query.states ? `state = any(${bind(query.states)}::text[])` : 'true',
      page: `limit ${bind(query.limit)}::int offset ${bind(query.offset)}::int`,
    }),
    parameters,
  )
  return {
    // Of a page beyond the last group there is the total alone.
    groups: rows.flatMap(({ total: _, ...group }) => (group.fingerprint === null ? [] : [group])),
    total: rows[0]?.total ?? 0,
    range: { start_time: query.start_time ?? null, end_time: end_time ?? null },
  }
}

const EPOCH = new Date(0).toISOString()

/** `errors`: those that match, and a condition may follow. `seen`: the viewer's scope, whose parameters are the first of both. */
type Of = Readonly<Record<'errors' | 'seen', string>>
type Bound = Readonly<Record<'start' | 'end' | 'states' | 'page', string>>

const toGroupsSql = ({ errors, seen }: Of, { start, end, states, page }: Bound): string => `
  with grouped as (
    select fingerprint, count(*)::int as count, count(distinct user_id)::int as users,
      array_agg(distinct severity) as severities, min(created_at) as first_at, max(created_at) as last_at
    from ${errors} and fingerprint is not null group by fingerprint
  ), stated as (
    select grouped.*, given.since, given.muted_until, given.muted_until_errors, case
      when given.state = 'resolved' then case when later.errors > 0 then 'regressed' else 'resolved' end
      when given.state = 'muted' and not coalesce(given.muted_until <= now(), false)
        and not coalesce(later.errors >= given.muted_until_errors, false) then 'muted'
      else 'open' end as state
    from grouped
    left join error_groups as given on given.tenant_id = $1 and given.fingerprint = grouped.fingerprint
    left join lateral (
      select count(*) as errors from error_logs
      where ${seen} and fingerprint = grouped.fingerprint and created_at > given.since
    ) as later on given.state <> 'open'
  ), asked as (
    select * from stated where ${states}
  ), page as (
    select * from asked order by last_at desc, fingerprint ${page}
  )
  select page.fingerprint, last.error_type, last.message, last.id as last_id, ${toIsoSql('first_at')} as first_seen,
    ${toIsoSql('last_at')} as last_seen, count, users, severities, state, ${toIsoSql('since')} as since,
    ${toIsoSql('muted_until')} as muted_until, muted_until_errors, (select count(*) from asked)::int as total,
    array(
      select endpoint from ${errors} and fingerprint = page.fingerprint and endpoint is not null
      group by endpoint order by count(*) desc, endpoint limit ${MAX_ROUTES}
    ) as routes,
    array(
      select coalesce(part.errors, 0) from generate_series(1, ${TREND_PARTS}) as place left join (
        select least(${TREND_PARTS}, width_bucket(extract(epoch from created_at)::float8, extract(epoch from ${start})::float8,
          greatest(extract(epoch from ${end})::float8, extract(epoch from ${start})::float8 + 1), ${TREND_PARTS})) as place, count(*)::int as errors
        from ${errors} and fingerprint = page.fingerprint group by 1
      ) as part using (place) order by place
    ) as trend
  from (select 1) as whole left join page on true left join lateral (
    select id, error_type, message from ${errors} and fingerprint = page.fingerprint
    order by error_logs.created_at desc, error_logs.id desc limit 1
  ) as last on true
  order by page.last_at desc, page.fingerprint`
