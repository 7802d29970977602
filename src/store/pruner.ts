/** Retention in the drain's thread: once an hour a run, a little of it each time that all events are stored. */
import type { Periods, PruneReport, Seal } from '../event/retention.ts'
import { orFault } from './faults.ts'
import type { Orm } from './orm.ts'
import { createPartitions } from './partitions.ts'
import type { Step } from './retention/plan.ts'
import { openRun, type Run } from './retention/run.ts'
import { forgetProfiles } from './risk-profiles.ts'

export type Retention = Periods

export interface PrunerOptions {
  /** Makes the event about each run; none is stored without it. */
  readonly seal?: Seal | undefined
  readonly nowMs?: () => number
  readonly onReport?: (report: PruneReport) => void
  /** Why the latest run removed less than is due, null when it did not; told when it changes. */
  readonly onTrouble?: (reason: string | null) => void
}

const HOUR_MS = 3_600_000
/** No step begins later than this after the first: events that have come wait for one lock and one step at most. */
const TURN_MS = 200

/** Call it as often as you like, with nothing else under way on the one connection of `orm`. */
export function createPruner(orm: Orm, periods: Retention, options: PrunerOptions = {}): () => Promise<void> {
  const sweeps = createSweeps()
  let run: Run | undefined
  // Not by the clock that people set.
  let nextMs = 0
  let trouble: string | null = null

  const tell = (report: PruneReport): void => {
    options.onReport?.(report)
    const reason = report.outcome === 'busy' ? null : report.reason
    if (reason !== trouble) options.onTrouble?.(reason)
    trouble = reason
  }

  return async () => {
    if (!run && performance.now() < nextMs) return
    const endMs = performance.now() + TURN_MS
    await orFault(async () => {
      if (!run) {
        nextMs = performance.now() + HOUR_MS
        await createPartitions(options.nowMs).ensureAhead(orm.em.fork())
        await forgetProfiles(orm.em.fork(), periods.eventsDays)
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

/** Rows of a day that others are kept in are looked through once a day, as what is kept is looked through too. */
function createSweeps(): { isSwept: (step: Step) => boolean; onSwept: (step: Step) => void } {
  let today = ''
  let swept = new Set<string>()
  const toKey = ({ partition: { log, day }, project }: Step): string => JSON.stringify([log, day, project])
  return {
    isSwept(step) {
      const now = new Date().toISOString().slice(0, 10)
      if (now !== today) swept = new Set()
      today = now
      return step.action === 'delete' && swept.has(toKey(step))
    },
    onSwept: (step) => void swept.add(toKey(step)),
  }
}
