/** What alerts measure, and who of a fleet tells of them. */
import { randomUUID } from 'node:crypto'
import type { AlertFilter, AlertState, Measure, Measured } from '../event/alert.ts'
import type { AlertReader, AlertStore } from '../event/ports/alerts.ts'
import { toScope } from '../event/viewer.ts'
import { orFault } from './faults.ts'
import type { Orm } from './orm.ts'
import { toIsoSql } from './pages.ts'
import { runSql, toName } from './sql.ts'

type Events = Exclude<Measure, { readonly figure: string }>

/** `tenant`: measured although nothing of it is stored yet, since that may be what is watched for. */
export function createAlertStore(orm: Orm, tenant: string): AlertStore {
  return {
    measure: ({ name, windowMs, measure }) =>
      orFault(async () => {
        if ('figure' in measure) return []
        const parameters: unknown[] = [windowMs / 1000, name, tenant]
        const { rows } = await runSql<Measured>(orm.em.fork(), toMeasureSql(measure, parameters), parameters)
        return rows
      }),
    claim: (rule, measured, isBeyond) =>
      orFault(async () => {
        const sql = isBeyond ? FIRE : RESOLVE
        const values = [rule.name, measured.tenant_id, measured.value]
        const em = orm.em.fork()
        const { rows } = await runSql(em, sql, isBeyond ? [...values, rule.cooldownMs / 1000] : values)
        if (rows.length > 0) return { id: randomUUID(), what: isBeyond ? 'fired' : 'resolved' } as const
        if (isBeyond) await runSql(em, STILL, values)
        return undefined
      }),
    noteChannels: ({ rule, measured }, failure) =>
      orFault(async () => {
        const values = [rule.name, measured.tenant_id, failure]
        await runSql(orm.em.fork(), `update alert_states set channel_failure = $3 ${OF_RULE}`, values)
      }),
  }
}

export function createAlertReader(orm: Orm): AlertReader {
  return {
    states: (viewer) =>
      orFault(async () => {
        const { rows } = await runSql<AlertState>(
          orm.em.fork(),
          `select rule, tenant_id, firing, value, ${toIsoSql('since')} as since,
             ${toIsoSql('last_fired_at')} as last_fired_at, channel_failure
           from alert_states where tenant_id = $1 order by rule`,
          [toScope(viewer).tenant_id],
        )
        return rows
      }),
  }
}

const OF_RULE = 'where rule = $1 and tenant_id = $2'

/** Of several that come at once, the row lock lets one after the other look, and the first has told. */
const FIRE = `insert into alert_states as s (rule, tenant_id, firing, value, since, last_fired_at)
  values ($1, $2, true, $3, now(), now())
  on conflict (rule, tenant_id) do update set firing = true, value = $3, last_fired_at = now(),
    since = case when s.firing then s.since else now() end
  where s.last_fired_at is null or s.last_fired_at <= now() - make_interval(secs => $4)
  returning rule`
const STILL = `update alert_states set value = $3, since = case when firing then since else now() end, firing = true ${OF_RULE}`
const RESOLVE = `update alert_states set firing = false, value = $3, since = now() ${OF_RULE} and firing returning rule`

function toMeasureSql(measure: Events, parameters: unknown[]): string {
  const bind = (value: unknown): string => `$${parameters.push(value)}`
  const { value, samples, where } = toParts(measure, bind)
  return `with tenants as (
      select $3::text as tenant_id union select tenant_id from alert_states where rule = $2
    ), measured as (
      select tenant_id, ${value} as value, ${samples} as samples from event_logs
      where created_at >= now() - make_interval(secs => $1) and created_at <= now() + interval '1 minute' and ${where}
      group by tenant_id
    )
    select tenant_id, coalesce(value, 0)::float8 as value, coalesce(samples, 0)::int as samples
    from tenants full join measured using (tenant_id)`
}

type Bind = (value: unknown) => string

function toParts(measure: Events, bind: Bind): { value: string; samples: string; where: string } {
  if ('count' in measure) return { value: 'count(*)', samples: 'count(*)', where: toCondition(measure.count, bind) }
  if ('p95' in measure)
    return {
      value: 'percentile_cont(0.95) within group (order by duration_ms)',
      samples: 'count(duration_ms)',
      where: `duration_ms is not null and ${toCondition(measure.p95, bind)}`,
    }
  const part = toCondition(measure.share, bind)
  return {
    value: `(count(*) filter (where ${part}))::float8 / count(*)`,
    samples: 'count(*)',
    where: toCondition(measure.among, bind),
  }
}

/** Column names come from the list of filters, which the settings were checked against. The arrival of a request counts by its end. */
function toCondition({ min_risk, ...filters }: AlertFilter, bind: Bind): string {
  const equal = Object.entries(filters).map(([column, values]) => `${toName(column)} = any(${bind(values)})`)
  const least = min_risk === undefined ? [] : [`risk_score >= ${bind(min_risk)}`]
  return ["not (event_type = 'API_REQUEST' and status = 'in_progress')", ...equal, ...least].join(' and ')
}
