/**
 * What runs have removed. A report is saved in the transaction that removes, and its event stored in the one that ends
 * the run; of a run that was cut off the next one tells.
 */

import type { PruneReport, Seal } from '../../event/retention.ts'
import { toDay } from '../../event/time.ts'
import type { Em, Orm } from '../orm.ts'
import { createPartitions } from '../partitions.ts'
import { insertRows, toRowShape } from '../rows.ts'
import { runSql } from '../sql.ts'

/** No run is silent for so long while it lives. */
const CUT_OFF = '15 minutes'
const KEPT = '2 years'

export async function saveReport(em: Em, report: PruneReport, isEnd = false): Promise<void> {
  await runSql(
    em,
    `insert into retention_prunes (id, started_at, touched_at, ended_at, report)
       values ($1, $2::timestamptz, now(), case when $3 then now() end, $4::jsonb)
     on conflict (id) do update set touched_at = excluded.touched_at, ended_at = excluded.ended_at, report = excluded.report`,
    [report.id, report.started_at, isEnd, JSON.stringify(report)],
  )
}

/** Ends a run: its report and its event are both stored, or neither. */
export async function closeReport(orm: Orm, report: PruneReport, seal: Seal | undefined): Promise<void> {
  const event = seal?.(toDraft(report))
  const em = orm.em.fork()
  if (event) await createPartitions().ensure(em, 'event_logs', [toDay(event.created_at)])
  await em.transactional(async (tx) => {
    await saveReport(tx, report, true)
    await runSql(tx, `delete from retention_prunes where started_at < now() - interval '${KEPT}'`)
    if (event) await insertRows(tx, toRowShape(orm, 'EventLog'), [event])
  })
}

export async function closeCutOff(orm: Orm, seal: Seal | undefined): Promise<void> {
  const { rows } = await runSql<{ report: PruneReport }>(
    orm.em.fork(),
    `select report from retention_prunes where ended_at is null and touched_at < now() - interval '${CUT_OFF}'`,
  )
  for (const { report } of rows)
    await closeReport(orm, { ...report, outcome: 'failed', reason: 'The run was cut off; the next one goes on.' }, seal)
}

/** The latest run that did something, or had to say why not. */
export async function lastReport(em: Em): Promise<PruneReport | null> {
  const { rows } = await runSql<{ report: PruneReport }>(
    em,
    'select report from retention_prunes order by started_at desc limit 1',
  )
  return rows[0]?.report ?? null
}

const toDraft = (report: PruneReport): Parameters<Seal>[0] => ({
  event_type: 'DATA_PRUNED',
  actor_type: 'system',
  status: report.outcome === 'done' ? 'success' : 'failure',
  severity: report.outcome === 'done' ? 'info' : 'warning',
  action_description: toSentence(report),
  payload: { ...report, ...toTotals(report) },
})

function toSentence({ outcome, reason, removed }: PruneReport): string {
  if (outcome === 'stopped') return `Retention removes nothing: ${reason}`
  const dropped = removed.filter(({ action }) => action === 'drop').length
  const { rows } = toTotals({ removed })
  const done = `Retention dropped ${dropped} ${dropped === 1 ? 'day' : 'days'}, ${rows} rows in all went`
  return reason === null ? done : `${done}; ${reason}`
}

function toTotals({ removed }: Pick<PruneReport, 'removed'>) {
  const days = removed.map(({ day }) => day).sort()
  return {
    rows: removed.reduce((sum, { rows }) => sum + rows, 0),
    bytes: removed.reduce((sum, { bytes }) => sum + bytes, 0),
    from: days[0] ?? null,
    to: days.at(-1) ?? null,
  }
}
