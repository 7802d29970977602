/** What the look back of risk adds to the events of a batch, and what it learns from them, in their transaction. */
import type { Event } from '../event/event.ts'
import { Fault, toReason } from '../event/fault.ts'
import type { Batch, RiskWindows } from '../event/ports/drain.ts'
import type { Em } from './orm.ts'
import { createProfiles, type Packed } from './risk-profiles.ts'

export interface Assessed {
  /** To be walked once: each is assessed when it is asked for, while the database is at work on those before. */
  readonly events: Iterable<Event>
  /** When the rows are in, so that nobody waits for long. Call what it gives when they are committed. */
  readonly learn: () => Promise<() => void>
}

export type Assess = (em: Em, events: Batch['events']) => Promise<Assessed>

const learnNothing = async (): Promise<() => void> => () => undefined

/** Rows can't change later: what the look back says of them is added before. */
export function createAssess(risk: RiskWindows | undefined): Assess {
  if (!risk) return async (_em, events) => ({ events, learn: learnNothing })
  const profiles = createProfiles()
  return async (em, events) => {
    const known = orRefused(() => risk.knownOf(events))
    if (known.size === 0) return { events, learn: learnNothing }
    await profiles.read(em, known)
    let learned: Packed | undefined
    const assessed = function* (): Iterable<Event> {
      for (const event of events) yield orRefused(() => risk.assess(event, known))
      learned = profiles.pack(known)
    }
    return { events: assessed(), learn: () => profiles.save(em, learned ?? profiles.pack(known)) }
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
