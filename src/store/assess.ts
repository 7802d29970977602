/** What the look back of risk adds to the events of a batch, and what it learns from them, in their transaction. */
import { Fault, toReason } from '../event/fault.ts'
import type { Batch, RiskWindows } from '../event/ports/drain.ts'
import type { Em } from './orm.ts'
import { createProfiles } from './risk-profiles.ts'

export interface Assessed {
  readonly events: Batch['events']
  /** When the rows are in, so that nobody waits for long. Call what it gives when they are committed. */
  readonly learn: () => Promise<() => void>
}

export type Assess = (em: Em, events: Batch['events']) => Promise<Assessed>

const learnNothing = async (): Promise<() => void> => () => undefined

/** Rows can't change later: what the look back says of them is added before. */
export function createAssess(risk: RiskWindows | undefined): Assess {
  const profiles = createProfiles()
  return async (em, events) => {
    const known = orRefused(() => risk?.knownOf(events))
    if (!known?.size) return { events, learn: learnNothing }
    await profiles.read(em, known)
    const assessed = orRefused(() => risk?.assess(events, known) ?? events)
    return { events: assessed, learn: () => profiles.save(em, known) }
  }
}

/** A line may be whole and its columns not what they should be: then the one is found, and the others are stored. */
function orRefused<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new Fault('row_refused', `Its risk can't be told: ${toReason(error)}.`, { cause: error })
  }
}
