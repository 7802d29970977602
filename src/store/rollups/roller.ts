/** Rollups in the drain's thread: once a minute what has come or gone since, a little of it each time that all events are stored. */
import { setTimeout as pause } from 'node:timers/promises'
import { orFault, toSqlState } from '../faults.ts'
import type { Orm } from '../orm.ts'
import { rollDay } from './days.ts'
import { advance, countMarked, forget, rollOne, type Step } from './roll.ts'

const EVERY_MS = 60_000
/** Where hours are so big that counting them takes long, it is done less often: a fiftieth of the time at most. */
const REST = 50
/** No step begins later than this after the first. */
const TURN_MS = 200

/** Each until it is over. */
const STEPS: readonly ((orm: Orm) => Promise<Step>)[] = [advance, rollOne, rollDay]

const SERIALIZATION_FAILURE = '40001'

/** Call it as often as you like, with nothing else under way on the one connection of `orm`. */
export function createRoller(orm: Orm): () => Promise<void> {
  let next: ((orm: Orm) => Promise<Step>) | undefined
  let nextMs = 0
  let spentMs = 0
  const end = (): void => {
    next = undefined
    nextMs = performance.now() + Math.max(EVERY_MS, spentMs * REST)
    spentMs = 0
  }
  return async () => {
    const startMs = performance.now()
    if (!next && startMs < nextMs) return
    next ??= advance
    do {
      const step = await take(next, orm)
      if (step === 'over') next = STEPS[STEPS.indexOf(next) + 1]
      if (step === 'busy' || !next) {
        spentMs += performance.now() - startMs
        return end()
      }
    } while (performance.now() - startMs < TURN_MS)
    spentMs += performance.now() - startMs
  }
}

/** Another process has done the same in between. */
const take = (step: (orm: Orm) => Promise<Step>, orm: Orm): Promise<Step> =>
  orFault(() =>
    step(orm).catch((error: unknown) => {
      if (toSqlState(error) === SERIALIZATION_FAILURE) return 'busy' as const
      throw error
    }),
  )

export interface Rebuilt {
  /** Hours that were counted. */
  readonly hours: number
}

const POLL_MS = 50

/** From the rows, all of them. `onProgress` is told how many hours are done, and of how many. */
export async function rebuildRollups(
  orm: Orm,
  onProgress: (done: number, of: number) => void = () => undefined,
): Promise<Rebuilt> {
  // A process that runs meanwhile takes some of the steps.
  const insist = async (step: (orm: Orm) => Promise<Step>): Promise<Step> => {
    for (;;) {
      const taken = await take(step, orm)
      if (taken !== 'busy') return taken
      await pause(POLL_MS)
    }
  }
  await insist(forget)
  const hours = await orFault(() => countMarked(orm.em.fork()))
  await catchUp(insist, (done) => onProgress(Math.min(done, hours), hours))
  return { hours }
}

async function catchUp(
  insist: (step: (orm: Orm) => Promise<Step>) => Promise<Step>,
  onProgress: (done: number) => void,
): Promise<void> {
  while ((await insist(advance)) === 'went on');
  for (let done = 1; (await insist(rollOne)) === 'went on'; done++) onProgress(done)
  while ((await insist(rollDay)) === 'went on');
}
