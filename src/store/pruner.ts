/** Retention in the drain's thread: once an hour a run, a little of it each time that all events are stored. */
import type { Periods, PruneReport, Seal } from '../event/retention.ts'
import { orFault } from './faults.ts'
import type { Orm } from './orm.ts'
import { createPartitions } from './partitions.ts'
import { readKept, type Step } from './retention/plan.ts'
import { openRun, type Run } from './retention/run.ts'
import { forgetProfiles } from './risk-profiles.ts'

export type Retention = Periods

export interface PrunerOptions {
  /** Makes the event about each run; none is stored without it. */
  readonly seal?: Seal | undefined
  readonly nowMs?: () => number
  /** A clock that nobody sets, for the hour and for the waits between turns. */
  readonly elapsedMs?: () => number
  readonly onReport?: (report: PruneReport) => void
  /** Why the latest run removed less than is due, null when it did not; told when it changes. */
  readonly onTrouble?: (reason: string | null) => void
}

const HOUR_MS = 3_600_000
/** No step begins later than this after the first: events that have come wait for one lock and one step at most. */
const TURN_MS = 200

/** Call it as often as you like, with nothing else under way on the one connection of `orm`. */
export function createPruner(orm: Orm, periods: Retention, options: PrunerOptions = {}): () => Promise<void> {
  const { elapsedMs = () => performance.now() } = options
  const sweeps = createSweeps()
  let run: Run | undefined
  let nextMs = 0
  let trouble: string | null = null

  const tell = (report: PruneReport): void => {
    options.onReport?.(report)
    const reason = report.outcome === 'busy' ? null : report.reason
    if (reason !== trouble) options.onTrouble?.(reason)
    trouble = reason
  }

  return async () => {
    if (!run && elapsedMs() < nextMs) return
    const endMs = performance.now() + TURN_MS
    await orFault(async () => {
      if (!run) {
        nextMs = elapsedMs() + HOUR_MS
        await createPartitions(options.nowMs).ensureAhead(orm.em.fork())
        await forgetProfiles(orm.em.fork(), periods.eventsDays)
        sweeps.see(await readKept(orm.em.fork()))
        run = await openRun(orm, { ...options, ...sweeps, periods, by: 'schedule' })
      }
      const state = await takeTurn(run, endMs)
      if (state !== 'over') return
      tell(run.report())
      run = undefined
    })
  }
}

async function takeTurn(run: Run, endMs: number): Promise<'wait' | 'over' | 'went on'> {
  for (;;) {
    const state = await run.next()
    if (state !== 'went on' || performance.now() >= endMs) return state
  }
}

interface Sweeps {
  readonly see: (kept: string) => void
  readonly isSwept: (step: Step) => boolean
  readonly onSwept: (step: Step) => void
}

/**
 * Rows of a day that others are kept in are looked through once a day, as what is kept is looked through too; and when that
 * has changed, as who releases a hold waits for its rows to go.
 */
function createSweeps(): Sweeps {
  let today = ''
  let last = ''
  let swept = new Set<string>()
  const toKey = ({ partition: { log, day }, project }: Step): string => JSON.stringify([log, day, project])
  return {
    see(kept) {
      if (kept !== last) swept = new Set()
      last = kept
    },
    isSwept(step) {
      const now = new Date().toISOString().slice(0, 10)
      if (now !== today) swept = new Set()
      today = now
      return step.action === 'delete' && swept.has(toKey(step))
    },
    onSwept: (step) => void swept.add(toKey(step)),
  }
}
