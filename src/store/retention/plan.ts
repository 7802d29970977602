/** What is due: whole days where nothing in them is kept, else their rows, and rows of projects with a shorter period. */
import type { LogName, Periods, Removal } from '../../event/retention.ts'
import type { Em } from '../orm.ts'
import type { Partitioned } from '../partitions.ts'
import { runSql } from '../sql.ts'

export const TABLES: Readonly<Record<LogName, Partitioned>> = { events: 'event_logs', errors: 'error_logs' }

export const toKeepDays = (log: LogName, { eventsDays, errorsDays }: Periods): number =>
  log === 'events' ? eventsDays : errorsDays

export interface Partition {
  readonly log: LogName
  readonly day: string
  /** Whole days since, by the database's clock. */
  readonly age: number
  readonly bytes: number
  /** The database's estimate; null before it has made one. */
  readonly rows: number | null
}

export interface Step {
  readonly partition: Partition
  readonly action: Removal['action']
  /** Only the rows of this project, whose period is shorter. */
  readonly project?: Project
}

export interface Project {
  readonly tenant_id: string
  readonly project_id: string
}

/** Oldest first. */
export async function listPartitions(em: Em, log: LogName): Promise<readonly Partition[]> {
  const { rows } = await runSql<Omit<Partition, 'log'>>(
    em,
    `select to_char(day, 'YYYY-MM-DD') as day, (now() at time zone 'UTC')::date - day as age, bytes, rows from (
       select to_date(right(c.relname, 8), 'YYYYMMDD') as day, pg_total_relation_size(c.oid)::float8 as bytes,
         case when c.reltuples < 0 then null else c.reltuples::float8 end as rows
       from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = $1::regclass and c.relname ~ '_p[0-9]{8}$'
     ) as partitions order by 1`,
    [TABLES[log]],
  )
  return rows.map((row) => ({ ...row, log }))
}

export async function planSteps(em: Em, periods: Periods): Promise<readonly Step[]> {
  const steps: Step[] = []
  for (const log of Object.keys(TABLES) as LogName[]) {
    const keepDays = toKeepDays(log, periods)
    const shorter = await findShorter(em, log, keepDays)
    for (const partition of await listPartitions(em, log)) {
      if (partition.age > keepDays)
        steps.push({ partition, action: (await hasKept(em, partition)) ? 'delete' : 'drop' })
      else
        for (const { days, tenant_id, project_id } of shorter)
          if (partition.age > days) steps.push({ partition, action: 'delete', project: { tenant_id, project_id } })
    }
  }
  return steps
}

async function findShorter(em: Em, log: LogName, keepDays: number): Promise<readonly (Project & { days: number })[]> {
  const { rows } = await runSql<Project & { days: number }>(
    em,
    'select tenant_id, project_id, days from retention_rules where log = $1 and days < $2 order by 1, 2',
    [TABLES[log], keepDays],
  )
  return rows
}

async function hasKept(em: Em, { log, day }: Partition): Promise<boolean> {
  const { rows } = await runSql<{ kept: boolean }>(em, 'select daybook_has_kept($1, $2::date) as kept', [
    TABLES[log],
    day,
  ])
  return rows[0]?.kept ?? false
}

/** Another text after each change of the holds and periods. */
export async function readKept(em: Em): Promise<string> {
  const listed = (table: string): string => `(select string_agg(${table}::text, ',' order by id) from ${table})`
  const { rows } = await runSql<{ kept: string }>(
    em,
    `select md5(concat_ws('|', ${listed('legal_holds')}, ${listed('retention_rules')})) as kept`,
  )
  return rows[0]?.kept ?? ''
}

/** To count more would take longer than to drop them. */
const MAX_COUNTED = 10_000

/** What dropping a partition takes. */
export async function toDrop(em: Em, { log, day, rows, bytes }: Partition): Promise<Removal> {
  const drop = { log, day, action: 'drop' as const, bytes }
  if (rows !== null && rows > MAX_COUNTED) return { ...drop, rows, rows_exact: false }
  const { rows: counted } = await runSql<{ rows: number }>(
    em,
    `select count(*)::int as rows from (select from ${TABLES[log]} where created_at >= $1::date::timestamp at time zone 'UTC'
       and created_at < ($1::date + 1)::timestamp at time zone 'UTC' limit ${MAX_COUNTED}) as counted`,
    [day],
  )
  const found = counted[0]?.rows ?? 0
  return { ...drop, rows: found, rows_exact: found < MAX_COUNTED }
}

/** How many rows a step would delete. */
async function countDue(em: Em, step: Step, periods: Periods): Promise<number> {
  const { rows } = await runSql<{ due: number }>(
    em,
    'select daybook_count_due($1, $2::date, $3, $4, $5)::float8 as due',
    toArguments(step, periods),
  )
  return rows[0]?.due ?? 0
}

/** The first arguments of the functions that look at rows. */
export const toArguments = ({ partition, project }: Step, periods: Periods): readonly unknown[] => [
  TABLES[partition.log],
  partition.day,
  toKeepDays(partition.log, periods),
  project?.tenant_id ?? null,
  project?.project_id ?? null,
]

export const toDeleted = ({ log, day }: Partition, rows: number): Removal => ({
  log,
  day,
  action: 'delete',
  rows,
  rows_exact: true,
  bytes: 0,
})

/** What a run would take now. */
export async function foresee(em: Em, periods: Periods): Promise<readonly Removal[]> {
  let removed: readonly Removal[] = []
  for (const step of await planSteps(em, periods)) {
    if (step.action === 'drop') removed = withRemoval(removed, await toDrop(em, step.partition))
    else {
      const rows = await countDue(em, step, periods)
      if (rows > 0) removed = withRemoval(removed, toDeleted(step.partition, rows))
    }
  }
  return removed
}

/** Rows that were deleted of one day are one removal. */
export function withRemoval(removed: readonly Removal[], removal: Removal): readonly Removal[] {
  const { log, day, action } = removal
  const at = removed.findIndex((known) => known.log === log && known.day === day && known.action === action)
  const known = removed[at]
  return known ? removed.with(at, { ...known, rows: known.rows + removal.rows }) : [...removed, removal]
}
