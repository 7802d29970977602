/**
 * One run of retention, step by step, so that whoever runs it may do other things between: a step drops one day or looks
 * at some rows, in a transaction of its own, and waits for locks for 200 ms at most.
 *
 *     next() answers   when
 *     went on          a step was taken
 *     wait             what is left met a lock and has to wait for its next turn
 *     over             nothing is left; the report is stored, with its event
 */
import { randomInt } from 'node:crypto'
import { toReason } from '../../event/fault.ts'
import { toEventId } from '../../event/id.ts'
import type { Periods, Postponed, PruneReport, Removal, Seal } from '../../event/retention.ts'
import { toSqlState } from '../faults.ts'
import { dropHeirs } from '../heirs/writer.ts'
import type { Em, Orm } from '../orm.ts'
import { createPartitions } from '../partitions.ts'
import { dropRollups } from '../rollups/roll.ts'
import { runSql } from '../sql.ts'
import { checkClock } from './clock.ts'
import { leaveLead, setAwaited, takeLead } from './lead.ts'
import { closeCutOff, closeReport, saveReport } from './ledger.ts'
import { planSteps, type Step, TABLES, toArguments, toDeleted, toDrop, toKeepDays, withRemoval } from './plan.ts'

export interface RunOptions {
  readonly periods: Periods
  readonly seal?: Seal | undefined
  /** Who wants it, for the report. */
  readonly by: string
  readonly force?: boolean
  readonly nowMs?: () => number
  /** A clock that nobody sets, for the waits between turns. */
  readonly elapsedMs?: () => number
  /** Whether a step that deletes rows need not be taken: it found none today. */
  readonly isSwept?: (step: Step) => boolean
  readonly onSwept?: (step: Step) => void
}

export interface Run {
  next(): Promise<'went on' | 'wait' | 'over'>
  report(): PruneReport
}

const LOCK_NOT_AVAILABLE = '55P03'
const DEADLOCK = '40P01'
const ROWS_A_STEP = 1_000
const MAX_MISSES = 5
const RETRY_MS = 2_000
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

interface Task extends Step {
  /** Rows with ids up to this were looked at. */
  readonly after: string
}

/** All questions of `orm` must go over one connection, as the lead belongs to it. */
export async function openRun(orm: Orm, options: RunOptions): Promise<Run> {
  const { periods, seal, nowMs = Date.now } = options
  const em = orm.em.fork()
  const startedMs = nowMs()
  const base = {
    id: toEventId(startedMs * 1_000),
    dry_run: false,
    by: options.by,
    started_at: new Date(startedMs).toISOString(),
  }
  const over = (outcome: PruneReport['outcome'], reason: string): Run => ({
    next: async () => 'over',
    report: () => ({ ...base, outcome, reason, removed: [], postponed: [] }),
  })
  if (!(await takeLead(em))) return over('busy', 'Another process prunes now.')
  try {
    await createPartitions().ensureAhead(em)
    const clock = await checkClock(em, startedMs, options.force)
    if (clock.reason !== null) {
      const stopped = over('stopped', clock.reason)
      if (clock.isNew) await closeReport(orm, stopped.report(), seal)
      await leaveLead(em)
      return stopped
    }
    await closeCutOff(orm, seal)
    return toRun(orm, { ...options, base, steps: await planSteps(em, periods) })
  } catch (error) {
    await leaveLead(em).catch(() => undefined)
    throw error
  }
}

interface Work extends RunOptions {
  readonly base: Pick<PruneReport, 'id' | 'dry_run' | 'by' | 'started_at'>
  readonly steps: readonly Step[]
}

function toRun(
  orm: Orm,
  { base, steps, periods, seal, isSwept, onSwept, elapsedMs = () => performance.now() }: Work,
): Run {
  const tasks: Task[] = steps.filter((step) => !isSwept?.(step)).map((step) => ({ ...step, after: FIRST_ID }))
  const postponed: Postponed[] = []
  let removed: readonly Removal[] = []
  let failure: string | null = null
  /** Turns in a row that met a lock. */
  let misses = 0
  let resumeMs = 0

  const toReport = (): PruneReport => {
    const held = postponed.length > 0 ? `${postponed.length} days met locks and stay until the next run` : null
    const reason = failure ?? held
    return { ...base, outcome: reason === null ? 'done' : 'failed', reason, removed, postponed }
  }

  const take = async (task: Task): Promise<void> => {
    const done = await orm.em.fork().transactional(async (tx) => {
      const taken = task.action === 'drop' ? await drop(tx, task, periods) : await deleteSome(tx, task, periods)
      const more = taken.removal ? withRemoval(removed, taken.removal) : removed
      if (taken.removal) await saveReport(tx, { ...toReport(), removed: more })
      return { ...taken, more }
    })
    removed = done.more
    tasks.shift()
    if (done.next) tasks.unshift(done.next)
    else if (task.action === 'delete') onSwept?.(task)
  }

  const settle = async (): Promise<void> => {
    if (misses > 0) await setAwaited(orm.em.fork(), false)
    misses = 0
  }

  // The others would wait for the same lock, and each time writers behind them: so all of them rest.
  const miss = async (error: unknown): Promise<void> => {
    resumeMs = elapsedMs() + RETRY_MS / 2 + randomInt(RETRY_MS)
    if (++misses === 1) await setAwaited(orm.em.fork(), true)
    if (misses < MAX_MISSES) return
    for (const { partition } of tasks.splice(0))
      postponed.push({ log: partition.log, day: partition.day, reason: toReason(error) })
  }

  const end = async (): Promise<'over'> => {
    const report = toReport()
    if (report.removed.length > 0 || report.outcome !== 'done') await closeReport(orm, report, seal)
    await settle()
    await leaveLead(orm.em.fork())
    return 'over'
  }

  return {
    report: toReport,
    async next() {
      const [task] = tasks
      if (!task) return end()
      if (elapsedMs() < resumeMs) return 'wait'
      // It goes with the connection, and another process may have taken it since.
      if (!(await takeLead(orm.em.fork()))) failure = 'The connection was lost, and another process prunes now'
      else
        try {
          await take(task)
          await settle()
        } catch (error) {
          if (isLocked(error)) await miss(error)
          else failure = toFailure(error)
        }
      return failure === null ? 'went on' : end()
    },
  }
}

const isLocked = (error: unknown): boolean => [LOCK_NOT_AVAILABLE, DEADLOCK].includes(toSqlState(error) ?? '')

/** What the database says of the work ends the run; where it is away nothing is known, and the caller has to wait. */
function toFailure(error: unknown): string {
  const state = toSqlState(error)
  if (state === undefined || /^(08|57|25006)/.test(state)) throw error
  return `${toReason(error)} (${state})`
}

interface Taken {
  readonly removal?: Removal
  /** What is still to be done. */
  readonly next?: Task
}

async function drop(tx: Em, task: Task, periods: Periods): Promise<Taken> {
  const { log, day } = task.partition
  const removal = await toDrop(tx, task.partition)
  const { rows } = await runSql<{ outcome: string }>(tx, 'select daybook_drop_partition($1, $2::date, $3) as outcome', [
    TABLES[log],
    day,
    toKeepDays(log, periods),
  ])
  if (rows[0]?.outcome === 'dropped') {
    await dropRollups(tx, task.partition)
    await dropHeirs(tx, task.partition)
    return { removal }
  }
  // A hold has come since the plan was made.
  return rows[0]?.outcome === 'kept' ? { next: { ...task, after: FIRST_ID, action: 'delete' } } : {}
}

async function deleteSome(tx: Em, task: Task, periods: Periods): Promise<Taken> {
  const { rows } = await runSql<{ last: string | null; examined: number; deleted: number }>(
    tx,
    'select last, examined, deleted from daybook_prune_rows($1, $2::date, $3, $4, $5, $6::uuid, $7)',
    [...toArguments(task, periods), task.after, ROWS_A_STEP],
  )
  const { last, examined = 0, deleted = 0 } = rows[0] ?? {}
  return {
    ...(deleted > 0 && { removal: toDeleted(task.partition, deleted) }),
    ...(examined === ROWS_A_STEP && { next: { ...task, after: last ?? task.after } }),
  }
}
