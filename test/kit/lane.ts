/** Both lanes of an event log without its spool: what comes by the observed one is kept in a list. */
import { toFilled } from '../../src/capture/logger.ts'
import type { Event } from '../../src/event/event.ts'
import type { ChangeParts } from '../../src/store/changes.ts'
import { createLane, type Lane } from '../../src/store/lane.ts'
import type { EnsureParents } from '../../src/store/lane-parents.ts'
import { createLooks, type LookLimits, type Looks } from '../../src/store/looks.ts'
import { createTestRefinery } from './events.ts'

export interface TestLane extends Lane, Omit<ChangeParts, 'follow'> {
  /** In order. */
  readonly observed: Event[]
  readonly looks: Looks
}

const LIMITS: LookLimits = { minMs: 5, maxMs: 50, giveUpMs: 60_000, askMs: 30_000, atOnce: 10 }

/** `ensureParents`: where the logs refer to Daybook's own tables. */
export function createTestLane(ensureParents?: EnsureParents): TestLane {
  const refinery = createTestRefinery()
  const observed: Event[] = []
  const seal: ChangeParts['seal'] = (draft) => refinery.seal(toFilled(draft))
  const observe: ChangeParts['observe'] = (event, twin) => {
    const made = twin ? refinery.twin(event, twin) : event
    observed.push(made)
    return made
  }
  const looks = createLooks(LIMITS)
  return { ...createLane({ seal, observe, looks, ensureParents }), seal, observe, observed, looks, ensureParents }
}
