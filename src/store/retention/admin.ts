/** Retention as admins see it: what is there, what goes next, what is held, and a run at once. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { toEventId } from '../../event/id.ts'
import type {
  Hold,
  PartitionState,
  Periods,
  PruneInput,
  PruneReport,
  RetentionAdmin,
  Rule,
  Seal,
} from '../../event/retention.ts'
import { LOGS } from '../../event/retention.ts'
import type { Viewer } from '../../event/viewer.ts'
import { orFault } from '../faults.ts'
import type { Em, Orm } from '../orm.ts'
import { runSql } from '../sql.ts'
import { peekClock } from './clock.ts'
import { lastReport } from './ledger.ts'
import { foresee, listPartitions, TABLES, toKeepDays } from './plan.ts'
import { openRun } from './run.ts'

export interface AdminParts {
  readonly orm: Orm
  readonly periods: Periods
  readonly seal: Seal
  /** Lends an ORM of one connection, which the lead belongs to. */
  readonly withOneConnection: <T>(work: (orm: Orm) => Promise<T>) => Promise<T>
}

export function createRetentionAdmin({ orm, ...parts }: AdminParts): RetentionAdmin {
  const ask = <T>(work: (em: Em) => Promise<T>): Promise<T> => orFault(() => work(orm.em.fork()))
  const one = <Row>(text: string, values: readonly unknown[]): Promise<Row | undefined> =>
    ask(async (em) => (await runSql<Row>(em, text, values)).rows[0])

  return {
    state: (viewer) =>
      ask(async (em) => {
        const partitions = await readPartitions(em, parts.periods)
        return {
          periods: { events_days: parts.periods.eventsDays, errors_days: parts.periods.errorsDays },
          partitions,
          next: partitions.toSorted((a, b) => (a.due_on < b.due_on ? -1 : 1))[0] ?? null,
          rules: await readRules(em, viewer),
          holds: await readHolds(em, viewer, 'and released_at is null'),
          last_prune: await lastReport(em),
          stopped: await peekClock(em, Date.now()),
        }
      }),
    async prune(viewer, input) {
      const by = viewer.user_id ?? viewer.role
      if (input.dry_run) return ask((em) => rehearse(em, { ...input, by, periods: parts.periods }))
      return parts.withOneConnection((alone) => pruneNow(alone, { ...parts, ...input, by }))
    },
    async setRule(viewer, { project_id, log, days }) {
      const row = await one<RuleRow>(
        `insert into retention_rules (id, tenant_id, project_id, log, days, made_by) values ($1, $2, $3, $4, $5, $6)
         on conflict (tenant_id, project_id, log) do update
           set days = excluded.days, made_by = excluded.made_by, updated_at = now() returning ${RULE}`,
        [randomUUID(), viewer.tenant_id, project_id, TABLES[log], days, toMaker(viewer)],
      )
      return toRule(row as RuleRow)
    },
    removeRule: async (viewer, id) =>
      (await one('delete from retention_rules where tenant_id = $1 and id = $2 returning id', [
        viewer.tenant_id,
        id,
      ])) !== undefined,
    holds: (viewer) => ask((em) => readHolds(em, viewer)),
    async hold(viewer, { user_id, project_id, session_id, reason }) {
      const row = await one<HoldRow>(
        `insert into legal_holds (id, tenant_id, user_id, project_id, session_id, reason, made_by)
         values ($1, $2, $3, $4, $5, $6, $7) returning ${HOLD}`,
        [
          ...[randomUUID(), viewer.tenant_id, user_id ?? null, project_id ?? null, session_id ?? null],
          ...[reason, toMaker(viewer)],
        ],
      )
      return toHold(row as HoldRow)
    },
    async release(viewer, id) {
      const row = await one<HoldRow>(
        `update legal_holds set released_at = coalesce(released_at, now()), released_by = coalesce(released_by, $3)
         where tenant_id = $1 and id = $2 returning ${HOLD}`,
        [viewer.tenant_id, id, toMaker(viewer)],
      )
      return row && toHold(row)
    },
  }
}

const toMaker = ({ user_id, role }: Viewer): string => user_id ?? role

interface PruneOptions extends PruneInput {
  readonly periods: Periods
  readonly by: string
}

/** What a run would do now; changes nothing. */
export async function rehearse(em: Em, { periods, by, force }: PruneOptions): Promise<PruneReport> {
  const startedMs = Date.now()
  const stopped = await peekClock(em, startedMs, force)
  return {
    id: toEventId(startedMs * 1_000),
    outcome: stopped === null ? 'done' : 'stopped',
    dry_run: true,
    by,
    reason: stopped,
    started_at: new Date(startedMs).toISOString(),
    removed: stopped === null ? await foresee(em, periods) : [],
    postponed: [],
  }
}

const POLL_MS = 100

/** A whole run. All questions of `orm` must go over one connection. */
export function pruneNow(orm: Orm, options: PruneOptions & { readonly seal: Seal }): Promise<PruneReport> {
  return orFault(async () => {
    const run = await openRun(orm, options)
    for (let state = await run.next(); state !== 'over'; state = await run.next())
      if (state === 'wait') await pause(POLL_MS)
    return run.report()
  })
}

const DAY_MS = 86_400_000

async function readPartitions(em: Em, periods: Periods): Promise<readonly PartitionState[]> {
  const all: PartitionState[] = []
  for (const log of LOGS)
    for (const { day, rows, bytes } of await listPartitions(em, log)) {
      const due = Date.parse(day) + (toKeepDays(log, periods) + 1) * DAY_MS
      all.push({ log, day, rows, bytes, due_on: new Date(due).toISOString().slice(0, 10) })
    }
  return all
}

const iso = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ${column}`

const RULE = `id, project_id, log, days, made_by, ${iso('updated_at')}`
type RuleRow = Omit<Rule, 'log'> & { readonly log: string }
const toRule = (row: RuleRow): Rule => ({ ...row, log: row.log === TABLES.events ? 'events' : 'errors' })

async function readRules(em: Em, { tenant_id }: Viewer): Promise<readonly Rule[]> {
  const { rows } = await runSql<RuleRow>(
    em,
    `select ${RULE} from retention_rules where tenant_id = $1 order by project_id, log`,
    [tenant_id],
  )
  return rows.map(toRule)
}

const HOLD = `id, user_id, project_id, session_id, reason, made_by, ${iso('since')}, ${iso('released_at')}, released_by`
type HoldRow = { readonly [Name in keyof Hold]: Hold[Name] | null }

/** What is not set is left out. */
const toHold = (row: HoldRow): Hold =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as Hold

async function readHolds(em: Em, { tenant_id }: Viewer, which = ''): Promise<readonly Hold[]> {
  const { rows } = await runSql<HoldRow>(
    em,
    `select ${HOLD} from legal_holds where tenant_id = $1 ${which} order by legal_holds.since, id`,
    [tenant_id],
  )
  return rows.map(toHold)
}
